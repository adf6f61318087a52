import { asTraining, date, defineSchema, number, parseCsv } from '@steepest/datasets';
import { expect, test } from 'vitest';
import { fit, linearRegression } from '../src/index.ts';

const schema = defineSchema({ day: date(), x: number(), y: number() }, { target: 'y' });
const table = parseCsv(
  'day,x,y\n2024-01-01,1,2\n2024-01-03,2,3\n2024-01-02,3,5\n2024-01-09,5,6\n',
  {
    schema,
  },
);

test('a fit without a preparation leaves dates out, and says so', async () => {
  const fitted = await fit(linearRegression(), asTraining(table));
  expect(fitted.warnings.map(({ message }) => message).join()).toContain('"day" holds dates');
});
