// Assembles the components in .wast and .wat files with jco's copy of wasm-tools.
// usage: node parse.mjs NPM_DIR < list-of-files > one JSON object per component: {"at": "file:line", "wasm": base64}
// Forms that the assembler refuses are left out: they test the text format.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const module = resolve(process.argv[2], 'node_modules/@bytecodealliance/jco-transpile/vendor/wasm-tools.js');
const { $init, tools } = await import(pathToFileURL(module).href);
await $init;

// skip returns the offset after the string, comment or single character at i.
function skip(text, i) {
  if (text[i] === '"') {
    for (i++; text[i] !== '"' && i < text.length; i++) if (text[i] === '\\') i++;
    return i + 1;
  }
  if (text.startsWith(';;', i)) {
    const end = text.indexOf('\n', i);
    return end < 0 ? text.length : end;
  }
  if (text.startsWith('(;', i)) {
    let depth = 1;
    for (i += 2; depth > 0 && i < text.length; i++) {
      if (text.startsWith('(;', i)) { depth++; i++; } else if (text.startsWith(';)', i)) { depth--; i++; }
    }
    return i;
  }
  return i + 1;
}

// forms yields the offsets of the parenthesised forms directly in text[start, end).
function* forms(text, start, end) {
  for (let i = start; i < end;) {
    if (text[i] !== '(' || text.startsWith('(;', i)) { i = skip(text, i); continue; }
    const from = i;
    let depth = 0;
    do {
      if (text[i] === '(' && !text.startsWith('(;', i)) depth++;
      if (text[i] === ')') depth--;
      i = skip(text, i);
    } while (depth > 0 && i < end);
    yield [from, i];
  }
}

function emit(file, text, from, to) {
  const form = text.slice(from, to).replace(/^\(component\s+definition\b/, '(component');
  if (!/^\(component\b/.test(form) || /^\(component\s+(\$\S+\s+)?(quote|binary|instance)\b/.test(form)) return;
  let bytes;
  try { bytes = tools.parse(form); } catch { return; }
  const line = text.slice(0, from).split('\n').length;
  process.stdout.write(JSON.stringify({ at: `${file}:${line}`, wasm: Buffer.from(bytes).toString('base64') }) + '\n');
}

for (const file of readFileSync(0, 'utf8').split('\n').filter((f) => f)) {
  const text = readFileSync(file, 'utf8');
  for (const [from, to] of forms(text, 0, text.length)) {
    if (/^\(assert_/.test(text.slice(from, from + 8))) {
      for (const [a, b] of forms(text, from + 1, to - 1)) emit(file, text, a, b);
    } else {
      emit(file, text, from, to);
    }
  }
}
