/** Node's own `fetch` over the simulated network; prints what became of it. */
import { installNetwork } from '../../../../src/simulator/execution/network/install-network.ts';

let owner = { name: 'first' };
const requests: string[] = [];
installNetwork({
  owner: () => owner,
  async respond({ method, path, destination, body }, { name }) {
    requests.push(`${name} ${method} ${destination.host}:${destination.port} ${path}`);
    if (path === '/lost') return 'lost';
    return { status: 200, headers: {}, body: `to ${body}` };
  },
  refused: (what) => requests.push(`refused ${what}`),
  enter: (_, happen) => setImmediate(happen),
  allows: () => false,
});
const post = async (url: string, body: string, method = 'POST'): Promise<string> =>
  (await fetch(url, { method, body })).text();
const texts = [
  await post('https://b.example:8443/y?z=1', 'there', 'PUT'),
  await post('https://b.example/', 'again'),
];
owner = { name: 'second' };
texts.push(await post('https://b.example/', 'me'));
const lost = await fetch('https://b.example/lost').then(
  () => 'not lost',
  (error: Error) => (error.cause as { readonly code?: string }).code,
);
process.stdout.write(JSON.stringify({ texts, lost, requests }), () => process.exit());
