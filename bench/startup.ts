// How long a program waits for the built package: import, then a first gradient, in fresh processes.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = new URL('../packages/autodiff/dist/index.js', import.meta.url);

function milliseconds(program: string): number {
  const times = Array.from({ length: 9 }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('../packages/autodiff/', import.meta.url)),
    });
    if (stderr !== '') throw new Error(stderr);
    return Number(stdout);
  });
  return times.sort((a, b) => a - b)[4];
}

if (existsSync(dist)) {
  const alone = milliseconds(`
    const started = performance.now();
    await import('ml-matrix');
    console.log(performance.now() - started);`);
  const whole = milliseconds(`
    const started = performance.now();
    const { FlatMatrix, grad, square, sum } = await import(${JSON.stringify(dist.href)});
    grad((x) => sum(square(x)))(new FlatMatrix(2, 1, [3, 4]));
    console.log(performance.now() - started);`);
  console.log('\nImport and a first gradient, median of 9 processes');
  console.log(`  ml-matrix alone       ${alone.toFixed(1)} ms`);
  console.log(
    `  @steepest/autodiff    ${whole.toFixed(1)} ms  ${(whole / alone).toFixed(2)} × ml-matrix alone`,
  );
} else {
  console.log('\nImport and a first gradient: needs the built packages, npm run build');
}
