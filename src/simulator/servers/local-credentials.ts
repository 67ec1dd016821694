/** The region and credentials for local servers, which accept any. */
export const LOCAL_REGION = 'us-east-1';
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** For requests to a local DynamoDB without an SDK: it checks the shape of a signature only. */
export const UNSIGNED_HEADERS = {
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, ' +
    'SignedHeaders=host, Signature=0',
};
