/** Explains errors of AWS in one line with the remedy. */
import { SimulatorError } from '../../simulator/model/errors.ts';
import { nameServerInErrors } from '../../simulator/servers/server-unreachable.ts';

/** Middleware of an SDK client. Leaves other errors unchanged. */
export function explainingErrors(service: string, endpoint: string) {
  return nameServerInErrors(service, endpoint, (error) => explained(error, service));
}

const SIGN_IN = 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

function explained(error: unknown, service: string): SimulatorError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  const unavailable = (text: string) => new SimulatorError('unavailable', text, { cause: error });
  // The SDK takes an empty variable for a region.
  if (/region is missing|region="" is not/i.test(message)) {
    const text = 'no AWS region is set: set AWS_REGION, such as AWS_REGION=us-east-1';
    return new SimulatorError('usage', text);
  }
  if (/^(Credentials|Token)ProviderError$/.test(name)) {
    return unavailable(`no AWS credentials were found; ${SIGN_IN}`);
  }
  if (/^(ExpiredToken|RequestExpired)/.test(name)) {
    return unavailable(`the AWS credentials have expired (${service}): sign in again`);
  }
  if (UNKNOWN_CALLER.test(name)) {
    return unavailable(`${service} doesn't know these AWS credentials (${name}); ${SIGN_IN}`);
  }
  if (/^(AccessDenied|UnauthorizedOperation|NotAuthorized)/.test(name)) {
    return unavailable(`${service} denies access; the caller needs the permission`);
  }
  // The stream existed when the stack was opened. A missing table may be a handler's mistake.
  if (service === 'Kinesis' && name === 'ResourceNotFoundException') {
    return unavailable(`the stream is gone: ${message}`);
  }
  return undefined;
}

const UNKNOWN_CALLER =
  /^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken)/;
