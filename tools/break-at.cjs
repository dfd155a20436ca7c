// A preload for study runs: makes the program stop in functions that are named, under a debugger.
//
//   BREAK_AT=processCommand node --inspect -r ts-node/register -r ./tools/break-at.cjs bin/redis-server.ts
//   BREAK_AT=readQueryFromClient,addReply node --inspect -r ./tools/break-at.cjs dist/bin/redis-server.js
//
// An editor's launch configuration cannot carry breakpoints of its own, and a program cannot pause
// its own thread through the inspector. So the text of each module is changed on its way into the
// engine: a named function gets `debugger;` as the first thing in its body, on the line where the
// body opens, so that no line number moves. Without BREAK_AT nothing is hooked, and the programs
// that are installed never load this file.
const Module = require('node:module');

const names = (process.env.BREAK_AT ?? '').split(',').map((name) => name.trim());
const wanted = new Set(names.filter((name) => name !== ''));
const found = new Set();

/** Returns `code` with `debugger;` at the head of each wanted function or method. */
function withStops(code) {
  const ts = require('typescript');
  const source = ts.createSourceFile('module.js', code, ts.ScriptTarget.ES2022, false);
  const places = [];
  const visit = (node) => {
    const isFunction = ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node);
    if (isFunction && node.body !== undefined && wanted.has(node.name?.text)) {
      found.add(node.name.text);
      places.push(node.body.getStart(source) + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  // From the last place to the first, so that the offsets before it stay right.
  return places
    .sort((a, b) => b - a)
    .reduce((text, at) => `${text.slice(0, at)} debugger;${text.slice(at)}`, code);
}

if (wanted.size > 0) {
  const compile = Module.prototype._compile;
  const pattern = new RegExp(`\\b(?:${[...wanted].map((name) => `${name}\\b`).join('|')})`);
  Module.prototype._compile = function (code, fileName, ...rest) {
    const ours = !fileName.includes('node_modules') && fileName !== __filename;
    const text = ours && pattern.test(code) ? withStops(code) : code;
    return compile.call(this, text, fileName, ...rest);
  };
  // A misspelt name would otherwise just never stop: say so once the program is loaded.
  setImmediate(() => {
    for (const name of wanted) {
      if (!found.has(name)) console.error(`BREAK_AT: no function '${name}' in the loaded modules`);
    }
  });
}
