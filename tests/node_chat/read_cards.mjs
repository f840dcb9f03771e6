// Read cards as clients of version 1.5 do, and print what the reader of `adaptivecards` objects to, as one JSON document.
// A property that it does not know is dropped in silence, so what it would write again is compared with what it read.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { AdaptiveCard, SerializationContext, Versions } = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");

const read = (path) => {
  const given = JSON.parse(readFileSync(path, "utf8"));
  const context = new SerializationContext(Versions.v1_5);
  const card = new AdaptiveCard();
  card.parse(given, context);
  const events = Array.from({ length: context.eventCount }, (_, place) => context.getEventAt(place).message);
  const validated = card.validateProperties().validationEvents.map((event) => event.message);
  return [...events, ...validated, ...dropped(given, card.toJSON(), "")];
};

// The reader writes neither defaults nor what belongs to the host.
const SILENT = new Set(["msteams", "type", "isMultiline", "isRequired", "spacing", "style", "width"]);

const dropped = (given, kept, at) => {
  if (given === null || typeof given !== "object") return [];
  return Object.entries(given).flatMap(([key, value]) => {
    const place = `${at}/${key}`;
    if (SILENT.has(key) || place.includes("/data/")) return [];
    if (kept === null || typeof kept !== "object" || !(key in kept)) return isEmpty(value) ? [] : [`dropped ${place}`];
    return dropped(value, kept[key], place);
  });
};

const isEmpty = (value) => value === false || value === "" || (Array.isArray(value) && value.length === 0);

const found = Object.fromEntries(process.argv.slice(2).map((path) => [path, read(path)]));
process.stdout.write(JSON.stringify(found));
