import { setUpLikeC } from './compare.ts';
import { loadTraced } from './play.ts';
const core = loadTraced();
const st = setUpLikeC(core, ['SADD a 1 2 3', 'SADD b 2 3 4'], ['SINTER a b'], true)!;
const dump = (): void => { let n = core.serverH.server.clients.head; while (n) { const c = n.value as any; console.log(c.id, 'buf', c.buf.length, c.buf_usable_size, 'peak', c.buf_peak, 'qb', c.querybuf?.buf?.length ?? c.querybuf, c.last_memory_usage, c.mem_usage_bucket?.mem_usage_sum); n = n.next; } };
dump();
st.play('SINTER a b'); dump();
console.log(core.serverH.server.used_memory_peak, core.serverH.server.stat_peak_memory);
