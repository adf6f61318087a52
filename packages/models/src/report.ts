// A fit as a page to show

export { type ReportOptions, reportOf } from './report/report-of.ts';
