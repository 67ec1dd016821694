/** Headers of a request to a local DynamoDB, which looks at the signature's shape only. Nothing here speaks to AWS. */
export const UNSIGNED = {
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, ' +
    'SignedHeaders=host, Signature=0',
};
