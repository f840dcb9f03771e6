// Serve emulate's Slack on a free port: the first line of input is the seed and where its signed events go, the first line
// of output its address; the end of the input ends it all. The first argument is emulate's own folder.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const dist = join(process.argv[2], "dist");
const load = (file) => import(pathToFileURL(join(dist, file)).href);
const lines = createInterface({ input: process.stdin });
const asked = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);

// Its seed has no place for a subscription to events, so one is added when its Slack sets itself up.
const own = readdirSync(dist).find((f) => /^dist-.*\.js$/.test(f) && readFileSync(join(dist, f), "utf8").includes("  slackPlugin\n"));
const { slackPlugin } = await load(own);
const register = slackPlugin.register;
slackPlugin.register = (app, store, webhooks, ...rest) => {
  register.call(slackPlugin, app, store, webhooks, ...rest);
  webhooks.register({ url: asked.events, events: ["*"], active: true, owner: "slack" });
};

const { createEmulator } = await load("api.js");
const slack = await createEmulator({ service: "slack", port: 0, seed: asked.seed });
console.log(JSON.stringify({ url: slack.url }));
process.stdin.resume();
process.stdin.on("end", async () => {
  await slack.close();
  process.exit(0);
});
