import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, postgres } from '../../src/index.ts';
import { type Engine, engine } from '../support/engines.ts';

interface Pool {
  connect(): Promise<never>;
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
  on(event: 'error', heard: () => void): void;
  readonly totalCount: number;
}
interface Pg {
  readonly default: { readonly Pool: new (options: object) => Pool };
}

/** Where Debian puts the newest PostgreSQL; undefined where there is none. */
export function postgresFolder(): string | undefined {
  const all = '/usr/lib/postgresql';
  if (!existsSync(all)) return undefined;
  const versions = readdirSync(all).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(all, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
}

/** A PostgreSQL server of this process, on a socket of its own. */
export class PostgresServer {
  readonly #bin: string;
  readonly #folder: string;
  readonly #user: { readonly uid?: number; readonly gid?: number };
  #process: ChildProcess | undefined;
  #pool: Pool | undefined;

  constructor(bin: string) {
    this.#bin = bin;
    this.#folder = mkdtempSync('/tmp/steepest-pg-');
    // It will not run as root.
    this.#user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const { uid, gid } = this.#user;
    if (uid !== undefined && gid !== undefined) chownSync(this.#folder, uid, gid);
    const options = ['-D', this.#data, '-U', 'steepest', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
    execFileSync(join(bin, 'initdb'), options, { ...this.#user, stdio: 'pipe', cwd: '/tmp' });
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  async start(): Promise<void> {
    const settings = ['listen_addresses=', `unix_socket_directories=${this.#folder}`, 'fsync=off'];
    const flags = settings.flatMap((setting) => ['-c', setting]);
    this.#process = spawn(join(this.#bin, 'postgres'), ['-D', this.#data, ...flags], {
      ...this.#user,
      stdio: 'ignore',
      cwd: '/tmp',
    });
    for (let round = 0; round < 200; round++) {
      try {
        await this.run('SELECT 1');
        return;
      } catch {
        await new Promise((done) => setTimeout(done, 50));
      }
    }
    throw new Error('PostgreSQL did not start');
  }

  async pool(): Promise<Pool> {
    if (this.#pool === undefined) {
      const { Pool } = (await engine<Pg>('pg')).default;
      const where = { host: this.#folder, user: 'steepest', database: 'postgres' };
      this.#pool = new Pool(where);
      // A server that dies says so to whoever asks it.
      this.#pool.on('error', () => {});
    }
    return this.#pool;
  }

  async run(sql: string): Promise<void> {
    await (await this.pool()).query(sql);
  }

  async database(): Promise<Database> {
    return postgres((await this.pool()) as never);
  }

  async engine(): Promise<Engine> {
    return { database: await this.database(), run: (sql) => this.run(sql), end: () => this.stop() };
  }

  /** As a crash would: without a word to its clients. */
  async kill(): Promise<void> {
    const ended = new Promise((done) => this.#process?.once('exit', done));
    this.#process?.kill('SIGQUIT');
    await ended;
  }

  async stop(): Promise<void> {
    await this.#pool?.end().catch(() => {});
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
