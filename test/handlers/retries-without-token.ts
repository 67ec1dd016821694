/**
 * Scores are added to by plain updates, outside the guarded transaction. The SDK sends one again whose
 * answer was lost, and it is added twice. Brought down by `--fault answer-lost=0.05`.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { client, parts, SCORES } from './simple.ts';

const commit = parts.commit;
parts.commit = async (actions) => {
  const scores = actions.flatMap(({ Update }) => (Update?.TableName === SCORES ? [Update] : []));
  if (!(await commit(actions.filter(({ Update }) => Update?.TableName !== SCORES)))) return false;
  for (const score of scores) await client.send(new UpdateItemCommand(score));
  return true;
};

export { handler } from './simple.ts';
