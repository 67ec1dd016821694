/** uPlot as the page has it: a global, inlined before the page's own script. */
export as namespace uPlot;
export { default } from 'uplot';
