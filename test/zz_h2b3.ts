import { Keyspace } from './server/keyspace.ts';
import { createStringObject } from '../object/object.ts';
import { processCommand } from '../server/server.ts';
import { addReplyBulkCBuffer, resetClient } from '../networking/networking.ts';
import { listEmpty } from '../object/adlist.ts';
import { listTypeInitIterator, listTypeNext, listTypeEntry, listTypeReleaseIterator } from '../quicklist/t_list.ts';
import { LIST_TAIL } from '../server/server.h.ts';
const __f=(o:any)=>(Function('o','%ToFastProperties(o)') as any)(o); if (process.env.FASTP) for (const k of Object.keys(require.cache)) { __f((require.cache as any)[k].exports); }
const ks = new Keyspace(); const c = ks.client;
function run(argv: string[]) { c.argv = argv.map(createStringObject); c.argc = argv.length; ks.server.current_client=c; processCommand(c); c.bufpos=0; listEmpty(c.reply); c.reply_bytes=0; resetClient(c); }
run(['DEL','l']); for (let i=0;i<1000;i++) run(['RPUSH','l','xxx']);
const o = ks.value('l');
function min(name: string, f: ()=>void, per: number) { let best=1e9; for (let k=0;k<600;k++) { const t=process.hrtime.bigint(); for (let i=0;i<20;i++) f(); const d=Number(process.hrtime.bigint()-t)/20/per; if (d<best) best=d; } console.log(name, best.toFixed(1),'ns'); }
const argv=['LRANGE','l','0','599'];
for (let r=0;r<2;r++) {
min('whole', ()=>run(argv), 600);
min('iterate', ()=>{ const li=listTypeInitIterator(o,0,LIST_TAIL); const e=new listTypeEntry(); let n=600; while(n--) listTypeNext(li,e); listTypeReleaseIterator(li); }, 600);
const lp=(o.ptr as any).head.entry; min('reply', ()=>{ for (let i=0;i<600;i++) addReplyBulkCBuffer(c, lp, 7, 3); c.bufpos=0; listEmpty(c.reply); c.reply_bytes=0; }, 600);
}
