import { checkReadme } from '../../../test/readme/check.ts';

checkReadme(new URL('../', import.meta.url));
