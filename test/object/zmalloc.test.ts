import { expect } from 'chai';
import { usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import {
  get_proc_stat_ll,
  jemalloc_good_size,
  Ledger,
  useLedger,
  zcalloc,
  zcalloc_num,
  zfree,
  zmalloc,
  zmalloc_get_allocator_info,
  zmalloc_get_memory_size,
  zmalloc_get_private_dirty,
  zmalloc_get_rss,
  zmalloc_get_smap_bytes_by_field,
  zmalloc_set_oom_handler,
  zmalloc_used_memory,
  zrealloc,
} from '../../object/zmalloc.ts';

describe('zmalloc', () => {
  it('rounds to the size classes of jemalloc with a quantum of 8', () => {
    const classes = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    for (let n = 0; n <= 320; n++) {
      expect(jemalloc_good_size(n)).to.equal(classes.find((c) => c >= n));
    }
    expect(jemalloc_good_size(16390)).to.equal(20480);
    expect(jemalloc_good_size(65537)).to.equal(81920);
    expect(jemalloc_good_size(2 ** 30)).to.equal(2 ** 30);
    expect(jemalloc_good_size(2 ** 30 + 1)).to.equal(1.25 * 2 ** 30);
    expect(jemalloc_good_size(2 ** 33 - 1)).to.equal(2 ** 33);
    expect(jemalloc_good_size(2 ** 33 + 1)).to.equal(1.25 * 2 ** 33);
  });

  it('never changes a size that is a class, and is monotonous', () => {
    let last = 0;
    for (let n = 1; n < 100000; n += 97) {
      const size = jemalloc_good_size(n);
      expect(size).to.be.at.least(n);
      expect(size).to.be.at.least(last);
      expect(jemalloc_good_size(size)).to.equal(size);
      last = size;
    }
  });

  it('comes back to nothing when everything is freed', () => {
    const old = useLedger(new Ledger());
    expect(zmalloc(24)).to.equal(24);
    expect(zcalloc(100)).to.equal(112);
    expect(zcalloc_num(10, 8)).to.equal(80);
    expect(zmalloc_used_memory()).to.equal(24 + 112 + 80);
    expect(zrealloc(24, 33)).to.equal(40);
    expect(zrealloc(0, 8)).to.equal(8);
    expect(zrealloc(8, 0)).to.equal(0);
    zfree(33);
    zfree(100);
    zfree(80);
    expect(zmalloc_used_memory()).to.equal(0);
    useLedger(old);
  });

  it('keeps an account for each ledger', () => {
    const a = new Ledger();
    const b = new Ledger();
    const old = useLedger(a);
    zmalloc(8);
    expect(useLedger(b)).to.equal(a);
    zmalloc(16);
    const handler = (): void => undefined;
    zmalloc_set_oom_handler(handler);
    useLedger(old);
    expect([a.used, b.used]).to.deep.equal([8, 16]);
    expect(b.oom_handler).to.equal(handler);
    expect(a.oom_handler).to.not.equal(handler);
  });

  it('asks the system for what the process and the machine have', () => {
    usePosix(new LibcKernel());
    expect(zmalloc_get_rss()).to.be.above(1024 * 1024);
    expect(zmalloc_get_memory_size()).to.be.above(1024 * 1024);
    expect(zmalloc_get_allocator_info()).to.deep.equal({ allocated: 0, active: 0, resident: 0 });
    if (process.platform === 'linux') {
      expect(get_proc_stat_ll(4)).to.equal(process.ppid);
      expect(get_proc_stat_ll(2)).to.equal(null);
      expect(get_proc_stat_ll(3)).to.equal(null);
      expect(get_proc_stat_ll(1000)).to.equal(null);
      expect(zmalloc_get_private_dirty(-1)).to.be.above(0);
      expect(zmalloc_get_smap_bytes_by_field('Rss:', process.pid)).to.be.above(0);
      expect(zmalloc_get_smap_bytes_by_field('Rss:', 2 ** 30)).to.equal(0);
    }
  });
});
