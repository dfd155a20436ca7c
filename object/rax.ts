export declare const raxNotFound: unique symbol;
export declare const RAX_ITER_JUST_SEEKED: number, RAX_ITER_EOF: number, RAX_ITER_SAFE: number;
export declare class raxNode<V = unknown> {
  iskey: boolean;
  isnull: boolean;
  iscompr: boolean;
  size: number;
  data: string;
  children: raxNode<V>[];
  value: V | null;
}
export declare class rax<V = unknown> {
  head: raxNode<V>;
  numele: number;
  numnodes: number;
}
/** out parameter: the value that was replaced or removed */
export declare class raxOld<V> {
  value: V | null;
}
export declare class raxIterator<V = unknown> {
  flags: number;
  rt: rax<V>;
  key: string;
  data: V | null;
  node: raxNode<V> | null;
  stack: raxNode<V>[];
  node_cb: ((node: raxNode<V>) => raxNode<V> | null) | null;
  constructor();
}
export declare function raxNew<V>(): rax<V>;
export declare function raxInsert<V>(r: rax<V>, s: string, data: V | null, old: raxOld<V> | null): number;
export declare function raxTryInsert<V>(r: rax<V>, s: string, data: V | null, old: raxOld<V> | null): number;
export declare function raxRemove<V>(r: rax<V>, s: string, old: raxOld<V> | null): number;
export declare function raxFind<V>(r: rax<V>, s: string): V | null | typeof raxNotFound;
export declare function raxFree<V>(r: rax<V>): void;
export declare function raxFreeWithCallback<V>(r: rax<V>, free_callback: ((value: V) => void) | null): void;
export declare function raxStart<V>(it: raxIterator<V>, rt: rax<V>): void;
export declare function raxSeek<V>(it: raxIterator<V>, op: string, ele: string): number;
export declare function raxNext<V>(it: raxIterator<V>): number;
export declare function raxPrev<V>(it: raxIterator<V>): number;
export declare function raxRandomWalk<V>(it: raxIterator<V>, steps: number): number;
export declare function raxCompare<V>(iter: raxIterator<V>, op: string, key: string): boolean;
export declare function raxStop<V>(it: raxIterator<V>): void;
export declare function raxEOF<V>(it: raxIterator<V>): boolean;
export declare function raxSize<V>(r: rax<V>): number;
export declare function raxShow<V>(r: rax<V>): string;
export declare function raxSetData<V>(n: raxNode<V>, data: V | null): void;
export declare function raxGetData<V>(n: raxNode<V>): V | null;
