// Crosses by a role to another account and back by a second one, and works in S3 and IAM on the way.
// `node crossing.mjs THERE BACK BUCKET` prints as JSON what it found.
import { CreateUserCommand, IAMClient, NoSuchEntityException, GetUserCommand, paginateListUsers } from "@aws-sdk/client-iam";
import * as s3 from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromIni, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { Readable } from "node:stream";

const MIB = 1024 * 1024;
const [there, back, bucket] = process.argv.slice(2);
const visiting = fromTemporaryCredentials({
  masterCredentials: fromIni({ profile: "base" }),
  params: { RoleArn: there, RoleSessionName: "visit" },
});
const returning = fromTemporaryCredentials({
  masterCredentials: visiting,
  params: { RoleArn: back, RoleSessionName: "return", DurationSeconds: 900 },
});
const identity = await new STSClient({ credentials: returning }).send(new GetCallerIdentityCommand({}));

const iam = new IAMClient({ credentials: visiting });
for (let number = 0; number < 5; number++)
  await iam.send(new CreateUserCommand({ UserName: `node-${number}`, Path: "/node/" }));
const users = [];
for await (const page of paginateListUsers({ client: iam, pageSize: 2 }, { PathPrefix: "/node/" }))
  users.push(page.Users.map((user) => user.UserName));
const absent = await iam.send(new GetUserCommand({ UserName: "nobody" })).catch((error) => error);

const client = new s3.S3Client({ credentials: returning });
const at = (Key) => ({ Bucket: bucket, Key });
await client.send(new s3.PutObjectCommand({ ...at("a b/ü+"), Body: "text", Metadata: { colour: "red" } }));
await client.send(
  new s3.PutObjectCommand({ ...at("stream"), Body: Readable.from([Buffer.alloc(MIB, "x")]), ContentLength: MIB }),
);
await new Upload({ client, params: { ...at("parts"), Body: Readable.from([Buffer.alloc(12 * MIB, "y")]) } }).done();
const text = await client.send(new s3.GetObjectCommand({ ...at("a b/ü+"), ChecksumMode: "ENABLED" }));
const parts = await client.send(new s3.HeadObjectCommand(at("parts")));
const link = await getSignedUrl(client, new s3.GetObjectCommand(at("a b/ü+")), { expiresIn: 60 });
const fetched = await fetch(link);
const keys = [];
for await (const page of s3.paginateListObjectsV2({ client, pageSize: 2 }, { Bucket: bucket }))
  keys.push(page.Contents.map((found) => found.Key));
const missing = await client.send(new s3.GetObjectCommand(at("nothing"))).catch((error) => error);
const elsewhere = new s3.S3Client({ credentials: visiting });
const refused = await elsewhere.send(new s3.GetObjectCommand(at("stream"))).catch((error) => error);
await client.send(
  new s3.DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys.flat().map((Key) => ({ Key })) } }),
);
const left = await client.send(new s3.ListObjectsV2Command({ Bucket: bucket }));

console.log(
  JSON.stringify({
    arn: identity.Arn,
    users,
    absent: [absent instanceof NoSuchEntityException, absent.message],
    text: await text.Body.transformToString(),
    checksum: text.ChecksumCRC32,
    colour: text.Metadata.colour,
    parts: parts.ContentLength,
    fetched: [fetched.status, await fetched.text()],
    keys,
    missing: [missing.name, missing.$metadata.httpStatusCode],
    refused: [refused.name, refused.$metadata.httpStatusCode],
    left: left.KeyCount,
  }),
);
