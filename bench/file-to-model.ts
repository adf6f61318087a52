// From a CSV file of 126 MB to a judged model, in whole fresh processes: ours beside pandas with
// scikit-learn, in turn.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { exampleFile } from './file-to-model/make-file.ts';
import { peerEnvironment, pythonsWith } from './python.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const rounds = 3;

interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Milliseconds by stage, and how good the model is on the rows that were held out. */
interface Outcome {
  readonly import: number;
  readonly read: number;
  readonly fit: number;
  readonly judge: number;
  readonly accuracy: number;
  readonly logLoss: number;
}

const { path, megabytes } = exampleFile();
const loader = ['--import', new URL('../tools/ts.mjs', import.meta.url).href];
const programs: Program[] = [
  {
    name: 'steepest',
    command: process.execPath,
    args: [...loader, file('./file-to-model/ours.ts'), path],
  },
  ...pythonsWith('pandas', 'sklearn').map((command) => ({
    name: 'pandas, scikit-learn',
    command,
    args: [file('./file-to-model/pandas_sklearn.py'), path],
  })),
];

function run({ command, args }: Program): Outcome & { whole: number } {
  const started = performance.now();
  const { stdout, stderr, status } = spawnSync(command, args, {
    env: peerEnvironment(),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return { whole: performance.now() - started, ...(JSON.parse(stdout) as Outcome) };
}

const runs = programs.map(() => [] as ReturnType<typeof run>[]);
for (let round = 0; round < rounds; round++) {
  programs.forEach((program, i) => void runs[i].push(run(program)));
}
console.log(`\nA file of ${megabytes.toFixed(0)} MB to a judged model, whole processes, seconds`);
programs.forEach(({ name }, i) => {
  const [best] = runs[i].sort((a, b) => a.whole - b.whole);
  const seconds = (ms: number): string => (ms / 1000).toFixed(2);
  const stages = (['import', 'read', 'fit', 'judge'] as const).map(
    (s) => `${s} ${seconds(best[s])}`,
  );
  console.log(
    `  ${name.padEnd(22)} ${seconds(best.whole)}  (${stages.join(', ')}; accuracy ` +
      `${best.accuracy.toFixed(4)}, log loss ${best.logLoss.toFixed(6)})`,
  );
});
