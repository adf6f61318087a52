import { FlatMatrix, isLeaf, type Tree, toFlatMatrix } from '@steepest/autodiff';
import { isPlain, show } from '@steepest/ground';
import { zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { difference } from './structure.ts';

/**
 * Refuses an optimizer whose methods return what no run can use, by the name of the optimizer and of the
 * method: each that needs no data is asked once, before the first step.
 */
export function expectSound(operation: string, optimizer: Stepper, params: Tree): void {
  const expect = (method: string, expected: string, found: unknown, fits: boolean): void => {
    if (!fits) throw unsound(operation, `${optimizer.name}: ${method}`, expected, show(found));
  };
  const isNumber = (x: unknown) => typeof x === 'number';
  const { numbers, rate, learningRate, settings, answer, penalty, stationarity } = optimizer;
  const state = optimizer.init(params);
  expectPlain(operation, `${optimizer.name}: init`, state);
  if (settings) expectPlain(operation, `${optimizer.name}: settings`, settings(params));
  if (numbers) {
    const found: unknown = numbers(0);
    const fits = Array.isArray(found) && found.every(isNumber);
    expect('numbers', 'a list of numbers', found, fits);
  }
  if (rate) {
    const found: unknown = rate(0);
    expect('rate', 'a number or undefined', found, found === undefined || isNumber(found));
  }
  if (learningRate) {
    const found: unknown = learningRate(state);
    expect('learningRate', 'a number or undefined', found, found === undefined || isNumber(found));
  }
  if (penalty) {
    const found: unknown = penalty(params);
    expect('penalty', 'a single number (1×1)', found, isSingle(found));
  }
  if (answer) expectAlike(operation, `${optimizer.name}: answer`, params, answer(state, params));
  if (stationarity) {
    const found = stationarity(zerosLike(params), params);
    expectAlike(operation, `${optimizer.name}: stationarity`, params, found);
  }
}

/** Refuses what a first step gave, unless it is a change of the parameters and a state that can be saved. */
export function expectSoundStep(
  operation: string,
  { name, search, step }: Stepper,
  params: Tree,
  [change, state]: readonly [unknown, unknown],
): void {
  const method = search ? 'search' : step ? 'step' : 'update';
  expectAlike(operation, `${name}: the change that ${method} returns`, params, change);
  expectPlain(operation, `${name}: the state that ${method} returns`, state);
}

function expectAlike(operation: string, what: string, params: Tree, found: unknown): void {
  if (!holdsOnlyLeaves(found)) {
    throw unsound(operation, what, "the parameters' structure", show(found));
  }
  const problem = difference(shapesOf(params), shapesOf(found), '');
  if (problem !== undefined) throw unsound(operation, what, "the parameters' structure", problem);
}

/** The structure with zeros, numbers as 1×1: operations give matrices where parameters are numbers. */
function shapesOf(tree: Tree): unknown {
  if (typeof tree === 'number') return new FlatMatrix(1, 1);
  if (isLeaf(tree)) {
    const { rows, columns } = toFlatMatrix(tree);
    return new FlatMatrix(rows, columns);
  }
  if (Array.isArray(tree)) return tree.map(shapesOf);
  return Object.fromEntries(Object.entries(tree as object).map(([k, x]) => [k, shapesOf(x)]));
}

function holdsOnlyLeaves(tree: unknown): boolean {
  if (typeof tree === 'number' || isLeaf(tree)) return true;
  if (Array.isArray(tree)) return tree.every(holdsOnlyLeaves);
  return isPlain(tree) && Object.values(tree).every(holdsOnlyLeaves);
}

function isSingle(found: unknown): boolean {
  if (typeof found === 'number') return true;
  if (!isLeaf(found)) return false;
  const { rows, columns } = toFlatMatrix(found);
  return rows === 1 && columns === 1;
}

/** Refuses what a checkpoint could not keep. */
function expectPlain(operation: string, what: string, state: unknown, depth = 0): void {
  if (state === null || ['boolean', 'number', 'string'].includes(typeof state)) return;
  if (isLeaf(state)) return;
  const expected = 'plain data (numbers, texts, null, matrices, lists and objects of them)';
  if (depth > 1000) throw unsound(operation, what, expected, 'one that holds itself');
  if (!Array.isArray(state) && !isPlain(state)) {
    throw unsound(operation, what, expected, show(state));
  }
  for (const member of Object.values(state)) {
    if (member !== undefined) expectPlain(operation, what, member, depth + 1);
  }
}

function unsound(operation: string, what: string, expected: string, found: string): TypeError {
  return new TypeError(`${operation}: ${what} must be ${expected}, got ${found}`);
}
