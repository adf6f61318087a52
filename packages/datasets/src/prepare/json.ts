import { record, schemaFromJSON, texts, wrong } from '../schema/json.ts';
import { columnOf } from '../schema/schema.ts';
import { steps } from '../steps/registry.ts';
import { type FittedPreparation, fittedPreparation } from './prepare.ts';

/**
 * Brings a saved preparation back. Nothing in the file is executed; every part is checked, and a
 * TypeError names the first that is wrong.
 *
 * @example
 * const saved = JSON.stringify(fitted);
 * preparationFromJSON(JSON.parse(saved)).apply(test) // the same features, to the last bit
 */
export function preparationFromJSON(json: unknown): FittedPreparation {
  const saved = record(json, 'preparation');
  if (saved.format !== 'steepest-preparation') {
    throw wrong('preparation.format', '"steepest-preparation"', saved.format);
  }
  if (saved.version !== 1) throw wrong('preparation.version', '1', saved.version);
  const schema = schemaFromJSON(saved.schema);
  const features = texts(saved.features, 'preparation.features');
  for (const name of features) {
    if (columnOf(schema, name) === undefined)
      throw wrong('preparation.features', 'columns of the schema', name);
  }
  if (saved.target !== undefined && typeof saved.target !== 'string') {
    throw wrong('preparation.target', 'text', saved.target);
  }
  if (!Array.isArray(saved.steps)) throw wrong('preparation.steps', 'a list', saved.steps);
  const loaded = saved.steps.map((entry, i) => {
    const { step, state } = record(entry, `preparation.steps[${i}]`);
    const load = typeof step === 'string' ? steps.get(step) : undefined;
    if (load === undefined) {
      throw wrong(`preparation.steps[${i}].step`, `one of ${[...steps.keys()].join(', ')}`, step);
    }
    return load(state);
  });
  const classes =
    saved.classes === undefined ? undefined : texts(saved.classes, 'preparation.classes');
  return fittedPreparation({
    schema,
    features,
    target: saved.target === undefined ? undefined : { name: saved.target, classes },
    names: texts(saved.names, 'preparation.names'),
    steps: loaded,
    warnings: [],
  });
}
