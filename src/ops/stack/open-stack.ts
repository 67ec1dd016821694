/** Opens a deployed stage: the names of its resources, and clients for them. */
import { createClients, type StackClients } from './clients.ts';
import { readOutputs, type StackOutputs } from './outputs.ts';

export interface DeployedStack extends StackOutputs, Omit<StackClients, 'cloudFormation'> {
  /** Closes the connections. */
  close(): void;
}

/** `environment` is the process's own. Rejects with a `SimulatorError`. */
export async function openStack(
  stage: string,
  environment: NodeJS.ProcessEnv,
): Promise<DeployedStack> {
  const { cloudFormation, ...clients } = createClients(environment);
  const close = (): void => {
    for (const client of Object.values(clients)) client.destroy();
  };
  try {
    const outputs = await readOutputs({ stage, cloudFormation, environment });
    return { ...outputs, ...clients, close };
  } catch (error) {
    close();
    throw error;
  } finally {
    cloudFormation.destroy();
  }
}
