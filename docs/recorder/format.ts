/**
 * The recorder's data: what record.ts writes and what the site, the tracer and the tests read. FORMAT.md
 * tells it in prose; the types here are the law.
 *
 *     <folder>/index.json               RecordIndex    what there is
 *     <folder>/scenarios/<id>.json      ScenarioFile   one recorded run, also a speedscope profile
 *     <folder>/functions/<id>.json      FunctionFile   one function, the stacks that reached it
 *
 * Who calls in: everything in docs/ that deals with recorded runs, browser code included: nothing of
 * Node is used here. Whom it calls: nobody.
 */

/** Raised when a reader of the former version would misread a file. */
export const FORMAT_VERSION = 1;

/** Bytes kept of a request or reply. */
export const KEPT_BYTES = 16384;

/** What speedscope wants to see in a file. */
export const SPEEDSCOPE_SCHEMA = 'https://www.speedscope.app/file-format-schema.json';

/** A function as the files tell of it. The first three members are speedscope's. */
export interface FunctionInfo {
  name: string;
  /** Path relative to the project. */
  file: string;
  /** Line of its definition. */
  line: number;
  /** Names of the parameters, in order: they go with {@link CallNode.a}. */
  params: string[];
  /** Place of its definition in C, `networking.c:2660`; null for a function of our own. */
  c: string | null;
  /** Its name in C, where that differs. */
  cName?: string;
  /** Names the file under functions/, without `.json`. */
  id: string;
}

/**
 * One call, and the calls that it made. Identical subtrees, arguments included, are stored once in
 * {@link CallTree.nodes} and referred to from several places.
 */
export interface CallNode {
  /** Index into the functions of the file. */
  f: number;
  /**
   * Line of the call, in the file of the caller; 0 when nobody of ours called (the root).
   */
  l: number;
  /** Line of the same call in the caller's C file, where it is known for certain. */
  c?: number;
  /** True when the call went through a function pointer: `proc` in `proc(c)`. */
  p?: string;
  /** Previews of the arguments, as indices into `texts`; left out when there are none. */
  a?: number[];
  /** Preview of what was returned, an index into `texts`; left out for nothing. */
  r?: number;
  /** Calls made, in order; left out when there are none. */
  k?: Child[];
  /** How many calls this one stands for, itself and all below it, repeats counted out. */
  n: number;
  /**
   * Digest of the shape: function, call lines and all below, without arguments and values. Equal in all
   * files for equal shapes. Eight hex digits.
   */
  d: string;
}

/**
 * An entry of a list of calls: a node; or a node and how often in a row calls of that shape came (the
 * arguments are the first call's); or some calls that came again and again in the same order, as the
 * body of a loop makes them.
 */
export type Child = number | [node: number, times: number] | { times: number; body: Child[] };

/** The folded call tree of a run. */
export interface CallTree {
  texts: string[];
  nodes: CallNode[];
  /** What the host called: turns of `aeMain`, or `main`. */
  roots: Child[];
}

/** Something that was sent, and what came back. Bytes are char codes 0-255. */
export interface Exchange {
  /** Letter of the connection, A for the first. */
  client: string;
  /** Id of the client in the server, as in `#7`. */
  clientId: number;
  /** The command as one would type it; empty for raw bytes. */
  text: string;
  request: string;
  reply: string;
  /** How many bytes there were, where more than {@link KEPT_BYTES}: then only the first are kept. */
  requestBytes?: number;
  replyBytes?: number;
}

/** A key and its value, for people. */
export interface KeyInfo {
  db: number;
  key: string;
  type: string;
  encoding: string;
  /** As redis-cli would print it, cut when long. */
  value: string;
  /** Milliseconds to live at that moment, -1 for ever. */
  ttl: number;
}

/** A command handed on to the append only file and the replicas. */
export interface Propagated {
  db: number;
  args: string[];
}

/** The evented profile of speedscope. `at` counts calls: the width of a box is the number of calls in it. */
export interface EventedProfile {
  type: 'evented';
  name: string;
  unit: 'none';
  startValue: number;
  endValue: number;
  events: { type: 'O' | 'C'; frame: number; at: number }[];
}

/** scenarios/<id>.json */
export interface ScenarioFile {
  $schema: string;
  name: string;
  exporter: string;
  activeProfileIndex: number;
  shared: { frames: FunctionInfo[] };
  profiles: EventedProfile[];

  /** {@link FORMAT_VERSION} */
  format: number;
  id: string;
  title: string;
  /** A command and its variants, or a scene of the server's life. */
  kind: 'command' | 'scene';
  /** `SET`, `CLIENT|LIST`; null for a scene. */
  command: string | null;
  /** What makes this variant interesting, a sentence; may be empty. */
  about: string;
  /** What was sent before the recording began, as one would type it; `B> ` for the second connection. */
  setup: string[];
  /** What was sent while it ran. */
  trigger: string[];
  exchanges: Exchange[];
  keyspaceBefore: KeyInfo[];
  keyspaceAfter: KeyInfo[];
  propagated: Propagated[];
  /** What the server wrote to its log meanwhile, without the time. */
  log: string[];
  tree: CallTree;
}

/** A frame of a recorded stack. */
export interface StackFrame {
  /** Index into the functions of the file. */
  f: number;
  /**
   * The line that runs: for the top frame that of its definition, for every other one the line of the
   * call to the frame above it.
   */
  l: number;
  /** The same in C, where it is known for certain. */
  c?: number;
  /** Previews of the arguments, indices into `texts`. */
  a?: number[];
  /** It called the frame above it through a function pointer of this name. */
  p?: string;
}

/** A way to reach a function. Two stacks are the same when their functions and lines are. */
export interface RecordedStack {
  /** Deepest frame first; `main` last. Frames under aeMain stand on the stack in gdb, too. */
  frames: StackFrame[];
  /** How often, over all scenarios. */
  hits: number;
  /** The scenario with the smallest input that went this way. */
  scenario: string;
  /** That input. */
  input: string;
}

/** functions/<id>.json */
export interface FunctionFile {
  /** {@link FORMAT_VERSION} */
  format: number;
  /** What the contract's tags say, for this function; `functions[0]` is the same. */
  function: FunctionInfo;
  /** The functions that occur in this file. */
  functions: FunctionInfo[];
  texts: string[];
  /** Entries, over all scenarios. */
  hits: number;
  /** Distinct stacks, those with the smallest input first. */
  stacks: RecordedStack[];
  /** How many distinct stacks there were; the list above may be cut. */
  stackCount: number;
  /** Who called it, and from which lines; most frequent first. */
  callers: { f: number; lines: number[]; hits: number }[];
  /** Whom it called. */
  callees: { f: number; lines: number[]; hits: number }[];
  /** Scenarios that reach it, with hits. Smallest input first. */
  scenarios: { id: string; hits: number }[];
  /** The distinct shapes of what it did, the most frequent first: where to find an example of each. */
  shapes: { d: string; n: number; hits: number; scenario: string; node: number }[];
}

/** index.json */
export interface RecordIndex {
  /** {@link FORMAT_VERSION} */
  format: number;
  scenarios: {
    id: string;
    title: string;
    kind: 'command' | 'scene';
    command: string | null;
    about: string;
    /** Calls recorded. */
    calls: number;
    /** Distinct functions reached. */
    functions: number;
  }[];
  /** Every function of the project, reached or not. */
  functions: (FunctionInfo & { hits: number; stacks: number; scenarios: number })[];
  /** Name of a command (`SET`, `CLIENT|LIST`) to its scenarios, the main one first. */
  commands: Record<string, string[]>;
}

/** A call of an unfolded walk. */
export interface VisitedCall {
  node: CallNode;
  /** Index of the node. */
  index: number;
  /** 0 for a root. */
  depth: number;
  /** How often in a row; 1 inside the body of a loop, whose own count is in `loops`. */
  times: number;
  /** Repeats of the loop bodies around it, outermost first; empty outside of any. */
  loops: number[];
}

/**
 * Walks a tree in the order of the calls, each repeat once. `visit` returning false leaves out what is below.
 */
export function walkCalls(
  tree: CallTree,
  visit: (call: VisitedCall) => boolean | void,
  from: Child[] = tree.roots,
  depth = 0,
  loops: number[] = [],
): void {
  for (const child of from) {
    if (typeof child === 'object' && !Array.isArray(child)) {
      walkCalls(tree, visit, child.body, depth, [...loops, child.times]);
      continue;
    }
    const [index, times] = typeof child === 'number' ? [child, 1] : child;
    const node = tree.nodes[index];
    if (visit({ node, index, depth, times, loops }) === false) continue;
    if (node.k !== undefined) walkCalls(tree, visit, node.k, depth + 1, loops);
  }
}

/** The argument previews of a call or frame, `c=#7 127.0.0.1:50312, argc=3`. */
export function describeArgs(
  fn: FunctionInfo,
  args: number[] | undefined,
  texts: string[],
): string {
  return (args ?? []).map((text, i) => `${fn.params[i] ?? '...'}=${texts[text]}`).join(', ');
}
