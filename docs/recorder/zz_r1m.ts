import { readCStacks, keyInC } from './compare.ts';
import { loadTraced } from './play.ts';
const core = loadTraced();
const mirrored = new Set(core.probe.functions.map(keyInC));
const files = new Map<string, number>();
for (const f of core.probe.functions) { const k = keyInC(f); if (k !== null) files.set(k.split(' ')[0], (files.get(k.split(' ')[0]) ?? 0) + 1); }
const miss = new Map<string, string[]>();
for (const s of readCStacks()) {
  if (s.scenario.component === 'sentinel') continue;
  const m = s.frames.filter((f) => !mirrored.has(`${f.file} ${f.name}`));
  if (m.length === 0) continue;
  const top = s.frames.findIndex((f) => !mirrored.has(`${f.file} ${f.name}`));
  const bad = [...s.frames].reverse().find((f) => !mirrored.has(`${f.file} ${f.name}`))!;
  const k = `${bad.file} ${bad.name}`;
  if (!miss.has(k)) miss.set(k, []);
  miss.get(k)!.push(s.id);
}
for (const [k, ids] of [...miss].sort()) if (files.has(k.split(' ')[0]) || /^(object|t_|quicklist|listpack|intset|sort|geo|hyper|blocked|db)/.test(k)) console.log(k, ids.length, ids.slice(0, 4).join(' '));
