/**
 * How much V8 may inline. A command passes through some forty small functions, one for each of C's, which a C compiler puts together
 * at -O3. V8's budget ends in the midst of them; with four times as much a pipelined GET takes a quarter less time. A
 * debugger does not notice: V8 takes optimized code apart before it shows a frame. Functions of a few lines are always inlined, and
 * calls that only one command in twenty makes count as well; that is another twentieth.
 *
 * Who calls in: redis-server.ts, before anything else is loaded.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--max-inlined-bytecode-size=1000');
setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000');
setFlagsFromString('--max-inlined-bytecode-size-small=60');
setFlagsFromString('--min-inlining-frequency=0.05');
