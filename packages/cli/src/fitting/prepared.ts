import type { Table, Train } from '@steepest/datasets';
import { asTraining } from '@steepest/datasets';
import { expectFile } from '../data/model.ts';
import { readData } from '../data/read.ts';
import type { Io } from '../io.ts';
import type { Given } from '../usage/given.ts';
import { type FamilyName, familyFor, familyNames } from './families.ts';
import { featuresFor } from './features.ts';
import type { Roles } from './penalty.ts';

/** A file with what is to be learned from it: all of its rows. */
export interface Prepared {
  readonly path: string;
  readonly table: Table;
  readonly train: Train;
  readonly family: FamilyName;
  readonly roles: Roles;
}

/** What the commands that compare models begin with. */
export async function prepared(given: Given, io: Io): Promise<Prepared> {
  const path = given.argument(0, 'the data file');
  const target = given.needed('target', 'y');
  await expectFile(path);
  const { table } = await readData(path, given, target, io.signal);
  const suited = familyFor(table, target);
  const [weights, offset] = [given.text('weights'), given.text('offset')];
  const { preparation } = featuresFor(table, {
    target,
    features: given.list('features'),
    exclude: given.list('exclude'),
    others: [weights, offset].filter((name) => name !== undefined),
  });
  return {
    path,
    table,
    train: asTraining(table),
    family: given.word('family', familyNames) ?? suited,
    roles: { target, preparation, ...(weights && { weights }), ...(offset && { offset }) },
  };
}
