import * as autodiff from '../../packages/autodiff/src/index.ts';
import * as compiling from '../../packages/compile/src/index.ts';
import * as datasets from '../../packages/datasets/src/node.ts';
import * as ground from '../../packages/ground/src/index.ts';
import * as inference from '../../packages/models/src/inference.ts';
import * as models from '../../packages/models/src/node.ts';
import * as report from '../../packages/models/src/report.ts';
import * as optim from '../../packages/optim/src/index.ts';
import * as sql from '../../packages/sql/src/index.ts';
import { autodiffDoors, autodiffOthers } from './autodiff.ts';
import { compileDoors, compileOthers } from './compile.ts';
import { datasetsDoors, datasetsOthers } from './datasets.ts';
import type { Door } from './door.ts';
import { groundDoors, groundOthers } from './ground.ts';
import { inferenceDoors, inferenceOthers } from './inference.ts';
import { modelsDoors, modelsOthers } from './models.ts';
import { optimDoors, optimOthers } from './optim.ts';
import { reportDoors } from './report.ts';
import { sqlDoors, sqlOthers } from './sql.ts';

interface Room {
  readonly exported: object;
  readonly doors: readonly Door[];
  /** Exports that are no functions to call with arguments, such as classes of errors. */
  readonly others: readonly string[];
}

export const rooms = {
  ground: { exported: ground, doors: groundDoors, others: groundOthers },
  autodiff: { exported: autodiff, doors: autodiffDoors, others: autodiffOthers },
  optim: { exported: optim, doors: optimDoors, others: optimOthers },
  datasets: { exported: datasets, doors: datasetsDoors, others: datasetsOthers },
  compile: { exported: compiling, doors: compileDoors, others: compileOthers },
  inference: { exported: inference, doors: inferenceDoors, others: inferenceOthers },
  models: { exported: models, doors: modelsDoors, others: modelsOthers },
  report: { exported: report, doors: reportDoors, others: [] },
  sql: { exported: sql, doors: sqlDoors, others: sqlOthers },
} satisfies Readonly<Record<string, Room>>;
