export { fileCheckpoint } from './train/file-checkpoint.ts';
