// Assembles the .wat files of this folder with jco's wasm-tools into the folder given.
// Usage: node assemble.mjs DIR-OF-JCO-TRANSPILE OUT
import fs from 'fs';
import path from 'path';
import { pathToFileURL, fileURLToPath } from 'url';
const here = path.dirname(fileURLToPath(import.meta.url));
const { $init, tools } = await import(pathToFileURL(path.join(process.argv[2], 'vendor/wasm-tools.js')).href);
await $init;
const out = process.argv[3];
for (const f of fs.readdirSync(here).filter((f) => f.endsWith('.wat'))) {
  let bytes = tools.parse(fs.readFileSync(path.join(here, f), 'utf8'));
  let name = f.replace(/\.wat$/, '.wasm');
  if (f.endsWith('.core.wat')) {
    const wit = fs.readFileSync(path.join(here, f.replace('.core.wat', '.wit')), 'utf8');
    bytes = tools.componentEmbed({ binary: bytes, witSource: wit, stringEncoding: 'utf8' });
    bytes = tools.componentNew(bytes, []);
    name = f.replace('.core.wat', '.wasm');
  }
  fs.writeFileSync(path.join(out, name), bytes);
}
