/**
 * What a list of a thousand strings of ten bytes costs, by how much goes into a node.
 *
 *     node -r ts-node/register docs/examples/lists.ts
 */
import { SDS_TYPE_8, sdsHdrSize } from '../../object/sds.ts';
import { jemalloc_good_size, zmalloc_used_memory } from '../../object/zmalloc.ts';
import {
  QUICKLIST_TAIL,
  quicklistNew,
  quicklistPush,
  quicklistRelease,
} from '../../quicklist/quicklist.ts';

const COUNT = 1000;
/** Bytes of C's listNode, and of the object that it would point to. */
const LISTNODE = 24;
const OBJECT = jemalloc_good_size(16 + sdsHdrSize(SDS_TYPE_8) + 10 + 1);

function show(what: string, nodes: number, bytes: number): void {
  const each = (bytes / COUNT).toFixed(1);
  console.log(
    `${what.padEnd(22)} ${String(nodes).padStart(5)} nodes ${String(bytes).padStart(6)} bytes ${each.padStart(5)} each`,
  );
}

show('linked list', COUNT, COUNT * (LISTNODE + OBJECT));
for (const [fill, compress] of [
  [1, 0],
  [4, 0],
  [16, 0],
  [128, 0],
  [-1, 0],
  [-2, 0],
  [-5, 0],
  [-1, 1],
]) {
  const used = zmalloc_used_memory();
  const list = quicklistNew(fill, compress);
  for (let i = 0; i < COUNT; i++) {
    quicklistPush(list, `visit:${String(i).padStart(4, '0')}`, QUICKLIST_TAIL);
  }
  show(`fill ${fill}, compress ${compress}`, list.len, zmalloc_used_memory() - used);
  quicklistRelease(list);
}
