/** uPlot as the page has it: a global, inlined before the page's own script. */
import type Plot from 'uplot';

declare global {
  var uPlot: typeof Plot;
}
