// Assembles and prints with jco's copy of wasm-tools. It reads and writes one JSON object per line.
// Usage: node jco.mjs NPM_DIR
//   {"text": "(module)"}  ->  {"wasm": base64, "print": text} or {"error": message}
//   {"wasm": base64}      ->  {"print": text} or {"error": message}
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const module = resolve(process.argv[2], 'node_modules/@bytecodealliance/jco-transpile/vendor/wasm-tools.js');
const { $init, tools } = await import(pathToFileURL(module).href);
await $init;

function answer(q) {
  const out = {};
  let wasm;
  try {
    if (q.text !== undefined) {
      wasm = tools.parse(q.text);
      out.wasm = Buffer.from(wasm).toString('base64');
    } else {
      wasm = Buffer.from(q.wasm, 'base64');
    }
  } catch (e) {
    return { error: String(e.payload ?? e.message ?? e) };
  }
  try {
    out.print = tools.print(wasm);
  } catch (e) {
    out.printError = String(e.payload ?? e.message ?? e);
  }
  return out;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n');
}
