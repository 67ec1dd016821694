/** Why AWS gives no answer, or refuses one, as a line that says what would be right. */
import { SimulatorError } from '../simulator/model/errors.ts';
import { nameServerInErrors } from '../simulator/servers/server-unreachable.ts';

/** Middleware of an SDK client. An error that is none of these passes as it is. */
export function sayingWhatIsWrong(service: string, place: string) {
  return nameServerInErrors(service, place, (error) => explained(error, service));
}

const SIGN_IN = 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

function explained(error: unknown, service: string): SimulatorError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  const unavailable = (text: string) => new SimulatorError('unavailable', text, { cause: error });
  // A variable that is empty is a region to the SDK.
  if (/region is missing|region="" is not/i.test(message)) {
    const text = 'no AWS region is set: set AWS_REGION, such as AWS_REGION=us-east-1';
    return new SimulatorError('usage', text);
  }
  if (/^(Credentials|Token)ProviderError$/.test(name)) {
    return unavailable(`no AWS credentials can be had; ${SIGN_IN}`);
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
  // A table that is gone is the handler's doing; a stream was there when the stack was found.
  if (service === 'Kinesis' && name === 'ResourceNotFoundException') {
    return unavailable(`the stream is gone: ${message}`);
  }
  return undefined;
}

const UNKNOWN_CALLER =
  /^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken)/;
