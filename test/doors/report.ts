import { asTraining, parseCsv } from '../../packages/datasets/src/index.ts';
import { fit, linearRegression } from '../../packages/models/src/index.ts';
import { reportOf } from '../../packages/models/src/report.ts';
import { type Door, s } from './door.ts';

const text = 'a,y\n1,2.1\n2,3.8\n3,6.2\n4,8.1\n5,9.7\n6,12.4\n';
const table = asTraining(parseCsv(text));
const linear = fit(linearRegression(), table, { target: 'y', features: ['a'] });

export const reportDoors: Door[] = [
  // What the library made is given whole: no one changes what is inside of it.
  { name: 'reportOf', args: async () => [await linear], run: reportOf as Door['run'], depth: 0 },
  {
    name: 'reportOf with options',
    args: () => [s({ title: 'Six rows', command: 'npm start', level: 0.9 })],
    run: async (options: never) => reportOf(await linear, options),
  },
];
