import { readCStacks, SeenStacks, playLikeC, namesOf, keyInC, C_OPTIONS } from './compare.ts';
import { loadTraced, Stage } from './play.ts';
import { allScenarios } from './scenarios/scenario.ts';
console.time('all');
const core = loadTraced();
const have = new Set(core.probe.functions.map(keyInC));
const stacks = readCStacks();
const skip = new Set(['sentinel']);
const rows = stacks.filter((s) => !skip.has(s.scenario.component) && s.frames.every((f) => have.has(`${f.file} ${f.name}`)));
console.log(stacks.length, rows.length);
const seen = new SeenStacks(core);
const scen = new Map(rows.map((r) => [r.scenario.id, r.scenario]));
let played = 0, skipped: string[] = [];
for (const s of scen.values()) {
  const t = performance.now();
  try {
    const roots = playLikeC(core, s.setup, s.trigger);
    if (roots === null) { skipped.push(s.id); continue; }
    played++;
    seen.add(roots);
  } catch (e) { console.log('!!', s.id, (e as Error).stack?.slice(0, 600)); }
  if (performance.now() - t > 500) console.log(s.id, performance.now() - t);
}
console.timeEnd('all');
for (const sc of allScenarios()) {
  const stage = new Stage(core);
  if (sc.fromStart) { seen.add(stage.record(() => stage.start(sc.args)).roots); continue; }
  stage.start(sc.args);
  for (const l of sc.setup) stage.play(l);
  for (const l of sc.trigger) stage.prepare(l);
  stage.settle();
  seen.add(stage.record(() => { for (const l of sc.trigger) stage.play(l); }).roots);
}
console.timeEnd('all');
console.log('played', played, 'skipped', skipped.join(' '));
let agree = 0; const diff: string[] = []; const unreached = new Map<string, string[]>();
for (const r of rows) {
  const names = namesOf(r).join(' ');
  const of = seen.of(r.frames[0].name);
  if (of.has(names)) agree++;
  else if (of.size === 0) unreached.set(r.frames[0].name, [...(unreached.get(r.frames[0].name) ?? []), r.id]);
  else diff.push(`${r.id}\n   C    ${names}\n   ours ${[...of].slice(0, 3).join('\n        ')}`);
}
console.log('agree', agree, 'diff', diff.length, 'unreached', [...unreached.values()].reduce((a, b) => a + b.length, 0));
require('fs').writeFileSync('/tmp/diff.txt', diff.join('\n'));
require('fs').writeFileSync('/tmp/unreached.txt', [...unreached].map(([k, v]) => `${k}: ${v.join(' ')}`).join('\n'));
