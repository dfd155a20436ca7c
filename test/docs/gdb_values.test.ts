/**
 * How redis-gdb reads expressions of C and prints values: without a server.
 */
import { expect } from 'chai';
import { CPlaces } from '../../docs/gdb/c_places.ts';
import { translate } from '../../docs/gdb/expressions.ts';
import { parseCommandLine } from '../../docs/gdb/redis-gdb.ts';
import { Project } from '../../docs/gdb/sources.ts';
import { formatValues } from '../../docs/gdb/values.ts';
import { dict } from '../../object/dict.ts';
import { sdsnewlen } from '../../object/sds.ts';
import {
  OBJ_ENCODING_EMBSTR,
  OBJ_ENCODING_HT,
  OBJ_ENCODING_INT,
  OBJ_HASH,
  OBJ_STRING,
  client,
  robj,
} from '../../server/server.h.ts';
import { root } from '../support/sources.ts';

/** The JavaScript that an expression becomes; names from elsewhere are marked by `@`. */
function js(expression: string): string {
  return translate(expression, {
    identifier: (name) => (name === 'server' ? '@server' : name),
    history: (name) => `<${name}>`,
  }).code;
}

describe('An expression of redis-gdb', () => {
  it('has its arrows, casts, stars and suffixes of C replaced', () => {
    const pairs: [string, string][] = [
      ['c->argv[1]->ptr', 'c.argv[1].ptr'],
      ['*c', 'c'],
      ['(robj *) c->argv[1]', 'c.argv[1]'],
      ['((const struct redisObject*)o)->ptr', '( o).ptr'],
      ['(long long)n + 1', 'n + 1'],
      ['&server.port', '@server.port'],
      ['a & b', 'a & b'],
      ['a * b', 'a * b'],
      ['a[i] * *b', 'a[i] * b'],
      ['x == NULL', 'x == null'],
      ['10UL + 0xffL', '10 + 0xff'],
      ['c.server', 'c.server'],
      ['{ server: server }', '{ server: @server }'],
      ['a ? server : b', 'a ? @server : b'],
      ['"a->b @ server"', '"a->b @ server"'],
      ['*c->argv@c->argc', '(c.argv).slice(0, c.argc)'],
      ['c->argv[1]@2', '(c.argv).slice(1, (1) + (2))'],
      ['$1->id + $$2 + $ + $k', '<$1>.id + <$$2> + <$> + <$k>'],
      ['x = y', 'x = y'],
      ['this->eventLoop', 'this.eventLoop'],
      ['a >= 3 && b-- > 1', 'a >= 3 && b-- > 1'],
    ];
    for (const [c, code] of pairs) expect(js(c), c).to.equal(code);
  });

  it('tells whether the whole is followed, as in `print *c`', () => {
    const names = { identifier: (name: string) => name, history: () => '' };
    expect(translate('*c', names).isDereferenced).to.equal(true);
    expect(translate('c', names).isDereferenced).to.equal(false);
    expect(translate('a * *c', names).isDereferenced).to.equal(false);
  });
});

describe('A value in redis-gdb', () => {
  const text = (value: string): robj => new robj(OBJ_STRING, OBJ_ENCODING_EMBSTR, 0, value);
  const short = (value: unknown): string => formatValues([value], { mode: 'short' })[0] ?? '';
  const print = (value: unknown): string => formatValues([value], { mode: 'print' })[0] ?? '';

  it('is escaped and cut as in gdb when it is text', () => {
    expect(short('tom')).to.equal('"tom"');
    expect(short('a"b\\\r\n\0\xff')).to.equal('"a\\"b\\\\\\r\\n\\000\\377"');
    expect(short('x'.repeat(41))).to.equal(`"${'x'.repeat(40)}"...`);
    expect(print('x'.repeat(41))).to.equal(`"${'x'.repeat(41)}"`);
    expect(print('x'.repeat(201))).to.equal(`"${'x'.repeat(200)}"...`);
    expect(short(new Uint8Array([97, 0]))).to.equal('"a\\000"');
  });

  it('is a number, a truth, a null or a function otherwise', () => {
    expect([1, -0, 2n ** 63n, true, null, undefined, NaN].map(short)).to.deep.equal([
      '1',
      '-0',
      '9223372036854775808',
      'true',
      '0x0',
      'undefined',
      'NaN',
    ]);
    expect(short(js)).to.equal('<js>');
    expect(short(() => 1)).to.equal('<anonymous>');
  });

  it('is shown by its value when it is an object of Redis', () => {
    expect(short(text('tom'))).to.equal('"tom"');
    expect(print(text('tom'))).to.equal('(robj *) "tom"');
    expect(short(new robj(OBJ_STRING, OBJ_ENCODING_INT, 0, 42))).to.equal('42');
    const hash = new robj(OBJ_HASH, OBJ_ENCODING_HT, 0, { ht_used: [2, 1] });
    expect(short(hash)).to.equal('hash(3)');
    expect(short(sdsnewlen('abc', 3))).to.equal('"abc"');
    const c = new client();
    c.id = 7;
    expect(short(c)).to.equal('#7');
    expect(print(c)).to.equal('(client *) #7');
    expect(formatValues([c], { mode: 'struct' })[0]).to.match(/^\{id = 7, flags = 0, /);
    expect(short(Object.create(dict.prototype))).to.equal('<dict>');
  });

  it('has its elements in braces when it has some, equal ones folded', () => {
    expect(short([1, 2, 3, 4, 5])).to.equal('{1, 2, 3, 4...}');
    expect(print([1, 2, 3, 4, 5])).to.equal('{1, 2, 3, 4, 5}');
    expect(print(new Array(12).fill(0))).to.equal('{0 <repeats 12 times>}');
    expect(print([text('a'), null])).to.equal('{"a", 0x0}');
    expect(print({ a: 1, b: { c: 2 } })).to.equal('{a = 1, b = {c = 2}}');
    expect(print(new Map([['k', 1]]))).to.equal('{["k"] = 1}');
    expect(print(new Set([1]))).to.equal('{1}');
    expect(print(new Uint32Array([1, 2]))).to.equal('{1, 2}');
    expect(formatValues([{ a: 1, b: [2] }], { mode: 'print', pretty: true })[0]).to.equal(
      '{\n  a = 1,\n  b = {2}\n}',
    );
  });

  it('calls no accessor, and survives a value that cannot be read', () => {
    const value = {
      get bad(): number {
        throw new Error('read');
      },
      good: 1,
    };
    expect(print(value)).to.equal('{good = 1}');
    const hostile = new Proxy({}, { ownKeys: () => [1] as unknown as string[] });
    expect(print(hostile)).to.match(/^<error: /);
  });
});

describe('The command line of redis-gdb', () => {
  it('keeps its own options and gives the others to the server', () => {
    const line = parseCommandLine(['-q', '-ex', 'run', '--port', '7000', '--args', '-p', '1']);
    expect(line.commands).to.deep.equal(['run']);
    expect(line.args).to.deep.equal(['--port', '7000', '-p', '1']);
    expect(line.isQuiet).to.equal(true);
    expect(parseCommandLine(['-x', 'f', '-p', '12', '-batch']).commands).to.deep.equal([
      'attach 12',
      'source f',
    ]);
    expect(parseCommandLine(['--inspector', '9229']).commands).to.deep.equal([
      'target remote 9229',
    ]);
  });
});

describe('The table of calls', () => {
  const c = new CPlaces(root);

  it('lies within the functions of functions.tsv', () => {
    const project = new Project(root);
    const functions = c.functionsOf('server.c') ?? [];
    expect(functions.length).to.be.greaterThan(100);
    expect(c.functionsOf('nosuch.c')).to.equal(null);
    const call = functions.find((fn) => fn.name === 'processCommand');
    for (const { line } of c.callSites('server.c', 'processCommand', 'call')) {
      expect(line).to.be.within(call?.start ?? 0, call?.end ?? 0);
    }
    expect(project.functionOfOrigin('server.c', call?.start ?? 0)?.name).to.equal('processCommand');
  });

  it('names the pointer of an indirect call', () => {
    expect(c.callSites('server.c', 'call', 'setCommand')).to.deep.equal([
      { line: 3319, via: 'proc', isPointer: true },
    ]);
    expect(c.callsOn('ae.c', 'aeProcessEvents', 444).map(({ site }) => site.via)).to.deep.equal([
      'wfileProc',
    ]);
  });
});
