import { compareStacks } from './compare.ts';
import { allScenarios } from './scenarios/scenario.ts';
for (const c of compareStacks(allScenarios())) if (c.verdict !== 'agrees') console.log(c.verdict, c.stack.id, '|', c.names.slice(0, 5).join(' '), '|', c.ours.length, (c.ours[0] ?? '').split(' ').slice(0, 4).join(' '));
