import { expect } from 'chai';
import { dictFind, dictSize } from '../../object/dict.ts';
import { createStringObject, objPtrString } from '../../object/object.ts';
import { raxFind, raxNew, raxSize } from '../../object/rax.ts';
import { posix, usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import {
  hdr_init,
  hdr_iter_log_init,
  hdr_iter_next,
  hdr_record_value,
  hdr_value_at_percentile,
  type hdr_histogram,
} from '../../server/hdr_histogram.ts';
import {
  CLIENT_MEM_USAGE_BUCKETS,
  CMD_MOVABLE_KEYS,
  ERROR_COMMAND_FAILED,
  ERROR_COMMAND_REJECTED,
  KSPEC_BS_INDEX,
  KSPEC_BS_INVALID,
  KSPEC_BS_KEYWORD,
  KSPEC_FK_RANGE,
  STATS_METRIC_COMMAND,
  client,
  clientMemUsageBucket,
  keySpec,
  redisCommand,
  redisServer,
  server,
  shared,
  useServer,
  OBJ_SHARED_REFCOUNT,
} from '../../server/server.h.ts';
import {
  bytesToHuman,
  commandCheckArity,
  commandCheckExistence,
  createSharedObjects,
  expandProcTitleTemplate,
  fillPercentileDistributionLatencies,
  genInfoSectionDict,
  getInstantaneousMetric,
  getMemUsageBucket,
  getSafeInfoString,
  incrCommandStatsOnError,
  incrementErrorCount,
  initServerConfig,
  isSensitiveArgument,
  lookupCommand,
  lookupCommandBySds,
  parseCommandLineOptions,
  populateCommandLegacyRangeSpec,
  printfString,
  redisOpArrayAppend,
  redisOpArrayFree,
  resetErrorTableStats,
  resetServerStats,
  run_with_period,
  secondsOfUs,
  trackInstantaneousMetric,
  updateCommandLatencyHistogram,
  validateProcTitleTemplate,
} from '../../server/server.ts';
import { setcpuaffinity } from '../../server/setcpuaffinity.ts';

/** A client that sent these words; nothing else of it is filled. */
function clientSaying(...words: string[]): client {
  const c = new client();
  c.argv = words.map(createStringObject);
  c.argc = words.length;
  return c;
}

/** A key spec for a range: index of the first key, last key, step. */
function range(pos: number, lastkey: number, keystep: number): keySpec {
  const ks = new keySpec();
  ks.begin_search_type = KSPEC_BS_INDEX;
  ks.bs.index.pos = pos;
  ks.find_keys_type = KSPEC_FK_RANGE;
  ks.fk.range.lastkey = lastkey;
  ks.fk.range.keystep = keystep;
  return ks;
}

/** The legacy (first, last, step) that COMMAND would show, and whether keys lie elsewhere, too. */
function legacyOf(...specs: keySpec[]): { legacy: number[] | null; movable: boolean } {
  const cmd = new redisCommand();
  cmd.key_specs = specs;
  cmd.key_specs_num = specs.length;
  populateCommandLegacyRangeSpec(cmd);
  const l = cmd.legacy_range_key_spec;
  return {
    legacy:
      l.begin_search_type === KSPEC_BS_INVALID
        ? null
        : [l.bs.index.pos, l.fk.range.lastkey, l.fk.range.keystep],
    movable: (cmd.flags & CMD_MOVABLE_KEYS) !== 0,
  };
}

describe('server', () => {
  before(() => {
    usePosix(new LibcKernel());
    useServer(new redisServer());
    initServerConfig();
    resetServerStats();
  });

  describe('texts', () => {
    it('prints bytes for people as C does, two decimals above a kilobyte', () => {
      expect(bytesToHuman(0)).to.equal('0B');
      expect(bytesToHuman(1023)).to.equal('1023B');
      expect(bytesToHuman(1024)).to.equal('1.00K');
      expect(bytesToHuman(1536 * 1024)).to.equal('1.50M');
      expect(bytesToHuman(25276502016)).to.equal('23.54G');
      expect(bytesToHuman(2 ** 40)).to.equal('1.00T');
      expect(bytesToHuman(2 ** 50)).to.equal('1.00P');
      expect(bytesToHuman(2 ** 60)).to.equal('1152921504606846976B');
    });

    it('replaces in INFO what separates names, values and lines', () => {
      expect(getSafeInfoString('get')).to.equal('get');
      expect(getSafeInfoString('a#b:c\nd\re')).to.equal('a_b_c_d_e');
    });

    it('cuts a %.Ns at the first zero byte and at N bytes', () => {
      expect(printfString('abcdef', 4)).to.equal('abcd');
      expect(printfString('ab\0cd', 4)).to.equal('ab');
      expect(printfString('', 4)).to.equal('');
    });

    it('shows processor time with six decimals', () => {
      expect(secondsOfUs(0)).to.equal('0.000000');
      expect(secondsOfUs(12000042)).to.equal('12.000042');
    });
  });

  describe('command line', () => {
    const options = (...argv: string[]): string =>
      parseCommandLineOptions(['redis-server', ...argv], 1).options;

    it('makes a line of config from each option, values quoted', () => {
      expect(options('--port', '6380', '--loglevel', 'verbose')).to.equal(
        'port "6380" \nloglevel "verbose" ',
      );
    });

    it('takes name and value in one argument', () => {
      expect(options('--port 6380', '--loglevel', 'verbose')).to.equal(
        'port 6380 \nloglevel "verbose" ',
      );
    });

    it('takes what starts with -- behind an option as its value', () => {
      expect(options('--requirepass', '--secret')).to.equal('requirepass "--secret" ');
    });

    it('reads --save without a value as no save points, between options and at the end', () => {
      expect(options('--save', '--port', '1')).to.equal('save ""\nport "1" ');
      expect(options('--port', '1', '--save')).to.equal('port "1" \nsave ""');
      expect(options('--save', '')).to.equal('save "" ');
    });

    it('takes - for standard input only at either end', () => {
      expect(parseCommandLineOptions(['x', '-'], 1).config_from_stdin).to.equal(true);
      expect(parseCommandLineOptions(['x', '--port', '1', '-'], 1).config_from_stdin).to.equal(
        true,
      );
      const middle = parseCommandLineOptions(['x', '--a', '-', '--b', '1'], 1);
      expect(middle.config_from_stdin).to.equal(false);
      expect(middle.options).to.equal('a "-" \nb "1" ');
    });
  });

  describe('process title', () => {
    it('expands the variables of a template and trims blanks', () => {
      server.port = 6390;
      server.bindaddr[0] = '*';
      expect(expandProcTitleTemplate('{title} {listen-addr} {server-mode}', 'me')).to.equal(
        'me *:6390',
      );
    });

    it('refuses unknown variables and empty titles', () => {
      expect(validateProcTitleTemplate('{nope}')).to.equal(false);
      expect(validateProcTitleTemplate('{server-mode}')).to.equal(false);
      expect(validateProcTitleTemplate('{port}')).to.equal(true);
    });
  });

  describe('legacy key range', () => {
    it('is the one range of a plain command', () => {
      expect(legacyOf(range(1, 0, 1))).to.deep.equal({ legacy: [1, 0, 1], movable: false });
    });

    it('glues ranges that follow one another', () => {
      expect(legacyOf(range(1, 0, 1), range(2, 0, 1))).to.deep.equal({
        legacy: [1, 1, 1],
        movable: false,
      });
    });

    it('counts a range up to the last argument as the longest', () => {
      expect(legacyOf(range(1, 0, 1), range(2, -1, 1))).to.deep.equal({
        legacy: [1, -1, 1],
        movable: false,
      });
    });

    it('marks keys that lie elsewhere as movable', () => {
      const keyword = new keySpec();
      keyword.begin_search_type = KSPEC_BS_KEYWORD;
      expect(legacyOf(range(1, 0, 1), keyword)).to.deep.equal({
        legacy: [1, 0, 1],
        movable: true,
      });
      expect(legacyOf(range(1, 0, 1), range(3, 0, 1)).movable).to.equal(true);
      expect(legacyOf(keyword)).to.deep.equal({ legacy: null, movable: true });
    });

    it('is empty for a command without keys', () => {
      expect(legacyOf()).to.deep.equal({ legacy: null, movable: false });
    });
  });

  describe('lookup of commands', () => {
    it('finds commands and subcommands in any case', () => {
      expect(lookupCommandBySds('GeT')!.fullname).to.equal('get');
      expect(lookupCommandBySds('config|GET')!.fullname).to.equal('config|get');
      expect(
        lookupCommand([createStringObject('CONFIG'), createStringObject('set')], 2)!.fullname,
      ).to.equal('config|set');
    });

    it('finds nothing for names that are too long, too deep or empty', () => {
      expect(lookupCommandBySds('get|x')).to.equal(null);
      expect(lookupCommandBySds('a|b|c')).to.equal(null);
      expect(lookupCommandBySds('')).to.equal(null);
    });

    it('quotes an unknown command with the first 128 bytes of its arguments', () => {
      const c = clientSaying('nope', 'a\r\nb', 'x'.repeat(200), 'y');
      expect(commandCheckExistence(c)).to.equal(
        `unknown command 'nope', with args beginning with: 'a  b' '${'x'.repeat(121)}' `,
      );
    });

    it('says how to get help for an unknown subcommand', () => {
      expect(commandCheckExistence(clientSaying('config', 'nope'))).to.equal(
        "unknown subcommand 'nope'. Try CONFIG HELP.",
      );
    });

    it('checks exact and least numbers of arguments', () => {
      const c = clientSaying('get', 'a', 'b');
      c.cmd = lookupCommandBySds('get');
      expect(commandCheckArity(c)).to.equal("wrong number of arguments for 'get' command");
      c.argc = 2;
      expect(commandCheckArity(c)).to.equal(null);
      c.cmd = lookupCommandBySds('mget');
      c.argc = 1;
      expect(commandCheckArity(c)).to.equal("wrong number of arguments for 'mget' command");
      c.argc = 9;
      expect(commandCheckArity(c)).to.equal(null);
    });
  });

  describe('command log', () => {
    const secrets = (...words: string[]): boolean[] => {
      const c = clientSaying(...words);
      return words.map((_, j) => j > 0 && isSensitiveArgument(c, j));
    };

    it('keeps passwords out', () => {
      expect(secrets('AUTH', 'pw')).to.deep.equal([false, true]);
      expect(secrets('HELLO', '3', 'AUTH', 'me', 'pw')).to.deep.equal([
        false,
        false,
        false,
        true,
        true,
      ]);
      expect(secrets('config', 'SET', 'port', '1', 'requirepass', 'pw')).to.deep.equal([
        false,
        false,
        false,
        false,
        false,
        true,
      ]);
    });

    it('shows all else', () => {
      expect(secrets('SET', 'auth', 'x')).to.deep.equal([false, false, false]);
      expect(secrets('config', 'get', 'requirepass', 'x')).to.deep.equal([
        false,
        false,
        false,
        false,
      ]);
    });
  });

  describe('INFO sections', () => {
    const ask = (...words: string[]) =>
      genInfoSectionDict(words.map(createStringObject), words.length, null);

    it('are the defaults without arguments, made once', () => {
      const first = ask();
      expect(first.all).to.equal(false);
      expect(dictSize(first.section_dict)).to.equal(11);
      expect(ask().section_dict).to.equal(first.section_dict);
    });

    it('are found in any case, and once', () => {
      const { section_dict } = ask('SERVER', 'server', 'CommandStats');
      expect(dictSize(section_dict)).to.equal(2);
      expect(dictFind(section_dict, 'commandstats')).to.not.equal(null);
    });

    it('know all, everything and default', () => {
      expect(ask('ALL')).to.include({ all: true, everything: false });
      expect(ask('everything')).to.include({ all: true, everything: true });
      expect(dictSize(ask('default', 'latencystats').section_dict)).to.equal(12);
    });
  });

  describe('statistics', () => {
    it('count errors by their first word until they are reset', () => {
      server.errors = raxNew();
      incrementErrorCount('WRONGTYPE Operation', 9);
      incrementErrorCount('WRONGTYPE', 9);
      expect(raxFind(server.errors, 'WRONGTYPE')).to.include({ count: 2 });
      resetErrorTableStats();
      expect(raxSize(server.errors)).to.equal(0);
    });

    it('count a failed or rejected call only after a new error', () => {
      const cmd = new redisCommand();
      incrCommandStatsOnError(null, 0);
      expect(incrCommandStatsOnError(cmd, ERROR_COMMAND_FAILED)).to.equal(false);
      server.stat_total_error_replies++;
      expect(incrCommandStatsOnError(cmd, ERROR_COMMAND_FAILED)).to.equal(true);
      expect(incrCommandStatsOnError(cmd, ERROR_COMMAND_FAILED)).to.equal(false);
      server.stat_total_error_replies++;
      expect(incrCommandStatsOnError(cmd, ERROR_COMMAND_REJECTED)).to.equal(true);
      expect(cmd).to.include({ failed_calls: 1, rejected_calls: 1 });
    });

    it('average a rate over sixteen samples', () => {
      resetServerStats();
      const m = server.inst_metric[STATS_METRIC_COMMAND];
      // A second and some microseconds ago, so that the rate is just below the count.
      m.last_sample_time -= 1000;
      trackInstantaneousMetric(STATS_METRIC_COMMAND, 16000);
      expect(m.samples[0]).to.be.within(15000, 16000);
      expect(getInstantaneousMetric(STATS_METRIC_COMMAND)).to.equal(Math.trunc(m.samples[0] / 16));
    });

    it('run a period every so many beats of the cron', () => {
      server.hz = 10;
      const due = [];
      for (server.cronloops = 0; server.cronloops < 21; server.cronloops++) {
        if (run_with_period(1000)) due.push(server.cronloops);
      }
      expect(due).to.deep.equal([0, 10, 20]);
      server.cronloops = 3;
      expect(run_with_period(100)).to.equal(true);
      server.cronloops = 0;
    });
  });

  describe('list of processors', () => {
    const chosen = (cpulist: string): number[] | null => {
      let cpus: number[] | null = null;
      const kernel = posix;
      const recorder = Object.create(kernel) as typeof kernel;
      recorder.sched_setaffinity = (list) => {
        cpus = list;
        return 0;
      };
      usePosix(recorder);
      setcpuaffinity(cpulist);
      usePosix(kernel);
      return cpus;
    };

    it('has single ones, ranges and steps', () => {
      expect(chosen('0,2,3')).to.deep.equal([0, 2, 3]);
      expect(chosen('0,2-4')).to.deep.equal([0, 2, 3, 4]);
      expect(chosen('0-6:2,9')).to.deep.equal([0, 2, 4, 6, 9]);
    });

    it('changes nothing when it is malformed', () => {
      for (const bad of ['', 'x', '1,', '3-1', '1-4:0', '1x', '1-2:3x']) {
        expect(chosen(bad), bad).to.equal(null);
      }
    });
  });

  describe('memory buckets of clients', () => {
    it('double in size, the first and the last open ended', () => {
      for (let j = 0; j < CLIENT_MEM_USAGE_BUCKETS; j++) {
        server.client_mem_usage_buckets[j] = new clientMemUsageBucket();
      }
      const index = (mem: number): number =>
        server.client_mem_usage_buckets.indexOf(getMemUsageBucket(mem));
      expect(index(0)).to.equal(0);
      expect(index(32767)).to.equal(0);
      expect(index(32768)).to.equal(1);
      expect(index(65535)).to.equal(1);
      expect(index(65536)).to.equal(2);
      expect(index(2 ** 32)).to.equal(18);
      expect(index(2 ** 40)).to.equal(CLIENT_MEM_USAGE_BUCKETS - 1);
    });
  });

  describe('commands to propagate', () => {
    it('give their references back', () => {
      const oa = server.also_propagate;
      const o = createStringObject('SET');
      o.refcount++;
      expect(redisOpArrayAppend(oa, 0, [o], 1, 1)).to.equal(1);
      redisOpArrayFree(oa);
      expect(o.refcount).to.equal(1);
      expect(oa.numops).to.equal(0);
    });
  });

  describe('shared objects', () => {
    it('are made once a process and accounted for in each server', () => {
      createSharedObjects();
      const ok = shared.ok;
      const before = server.ledger.used;
      createSharedObjects();
      expect(shared.ok).to.equal(ok);
      expect(server.ledger.used - before).to.equal(shared.accounted);
      expect(shared.ok.refcount).to.equal(OBJ_SHARED_REFCOUNT);
      expect(shared.integers[9999].ptr).to.equal(9999);
      expect(objPtrString(shared.bulkhdr[31])).to.equal('$31\r\n');
    });
  });

  describe('latency histogram', () => {
    const histogramOf = (...values: number[]): hdr_histogram => {
      const h = hdr_init(1, 1000000000, 2)!;
      for (const v of values) hdr_record_value(h, v);
      return h;
    };

    it('has the size that the settings of 7.0 give it', () => {
      expect(histogramOf().counts_len).to.equal(3072);
      expect(histogramOf().bucket_count).to.equal(23);
    });

    it('answers a percentile with the upper end of a slot, and 0 with the lower', () => {
      // Figures of a C server: INFO latencystats after these durations.
      const h = histogramOf(2000, 2000, 9000);
      expect(hdr_value_at_percentile(h, 50)).to.equal(2007);
      expect(hdr_value_at_percentile(h, 99)).to.equal(9023);
      expect(hdr_value_at_percentile(h, 0)).to.equal(2000);
      expect(hdr_value_at_percentile(histogramOf(), 50)).to.equal(0);
    });

    it('is exact below 256 and holds both ends of the range', () => {
      for (const v of [1, 2, 255]) expect(hdr_value_at_percentile(histogramOf(v), 50)).to.equal(v);
      expect(hdr_value_at_percentile(histogramOf(1000000000), 100)).to.equal(1002438655);
      expect(hdr_record_value(histogramOf(), 2 ** 30)).to.equal(false);
      expect(hdr_record_value(histogramOf(), -1)).to.equal(false);
    });

    it('walks in steps that double, as LATENCY HISTOGRAM shows them', () => {
      const iter = hdr_iter_log_init(histogramOf(2000, 2000, 9000, 500000), 1024, 2);
      const steps: [number, number][] = [];
      let previous = 0;
      while (hdr_iter_next(iter)) {
        if (iter.cumulative_count > previous) {
          steps.push([Math.trunc(iter.highest_equivalent_value / 1000), iter.cumulative_count]);
        }
        previous = iter.cumulative_count;
      }
      expect(steps).to.deep.equal([
        [2, 2],
        [16, 3],
        [528, 4],
      ]);
    });

    it('takes durations beyond its range as the ends of it', () => {
      const cmd = new redisCommand();
      updateCommandLatencyHistogram(cmd, 0);
      updateCommandLatencyHistogram(cmd, 5e9);
      expect(cmd.latency_histogram!.total_count).to.equal(2);
      expect(cmd.latency_histogram!.min_value).to.equal(1);
      expect(cmd.latency_histogram!.max_value).to.equal(1000000000);
    });

    it('prints percentiles in microseconds, their names without trailing zeros', () => {
      server.latency_tracking_info_percentiles = [50, 99.9];
      server.latency_tracking_info_percentiles_len = 2;
      expect(fillPercentileDistributionLatencies('', 'get', histogramOf(2000))).to.equal(
        'latency_percentiles_usec_get:p50=2.007,p99.9=2.007\r\n',
      );
    });
  });
});
