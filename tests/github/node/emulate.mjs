// Serve emulate's GitHub on a free port: the seed comes as one line of JSON, the address goes out as another, and the end of
// the input ends it all.
import { createInterface } from "node:readline";
import { createEmulator } from "emulate";

const lines = createInterface({ input: process.stdin });
const seed = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);
const github = await createEmulator({ service: "github", port: 0, seed });
console.log(JSON.stringify({ url: github.url }));
process.stdin.resume();
process.stdin.on("end", async () => {
  await github.close();
  process.exit(0);
});
