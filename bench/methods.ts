// Methods × problems: what each makes of the same budget of gradients. Rates are the best of one grid for
// all; beside it the geometric mean over the grid: what one gets who does not know the rate.
// npm run bench -- methods
import { contestants, rates, scoresOf } from '../test/contest/contestants.ts';
import { problemNames, problemOf } from '../test/contest/problems.ts';

interface Row {
  readonly name: string;
  readonly best: number;
  readonly rate: number | undefined;
  readonly overGrid: number;
}

for (const name of problemNames) {
  const problem = problemOf(name);
  const rows: Row[] = [];
  for (const contestant of contestants) {
    const scores = await scoresOf(problem, contestant, rates);
    const best = Math.min(...scores);
    if (best === Infinity) continue;
    rows.push({
      name: contestant.name,
      best,
      rate: contestant.tuned ? rates[scores.indexOf(best)] : undefined,
      overGrid: Math.exp(
        scores.reduce((total, x) => total + Math.log(Math.min(x, 1e6)), 0) / scores.length,
      ),
    });
  }
  const bars = rows.filter((row) => row.name === 'adam' || row.name === 'lbfgs');
  const bar = Math.min(...bars.map(({ best }) => best));
  console.log(`\n${name}: ${problem.measure}`);
  for (const row of rows.sort((a, b) => a.best - b.best)) {
    const mark = row.best < bar ? '*' : ' ';
    const tuned =
      row.rate === undefined
        ? 'nothing to tune'
        : `rate ${row.rate.toPrecision(1).padEnd(8)} over the grid ${row.overGrid.toExponential(1)}`;
    console.log(
      `  ${mark} ${row.name.padEnd(28)} ${row.best.toExponential(2).padEnd(10)} ${tuned}`,
    );
  }
}
