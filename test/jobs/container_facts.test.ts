import assert from "node:assert/strict";
import { test } from "node:test";
import {
  containerIdOf,
  dataRootFromInfo,
  dockerConnections,
  factsFromConfig,
  factsFromList,
} from "../../src/jobs/container_facts.ts";

const id = "0123456789abcdef".repeat(4);

test("dockerd's file of a container gives its name, image and labels", () => {
  const config = {
    ID: id,
    Name: "/a_b-1",
    Image: "sha256:0",
    Config: { Image: "bb:1", Labels: { "12ab34": "", odd: "漢\n", number: 4 } },
  };

  assert.deepEqual(factsFromConfig(JSON.stringify(config)), {
    id,
    name: "a_b-1",
    image: "bb:1",
    labels: { "12ab34": "", odd: "漢\n", number: "" },
  });
});

test("a file that is cut off, or of something else, gives nothing", () => {
  const others = ["", "{", "null", "[]", "{}", '{"ID":5}', `{"ID":"${id.slice(1)}"}`];

  assert.deepEqual(others.map(factsFromConfig), Array(others.length).fill(undefined));
  assert.deepEqual(factsFromConfig(`{"ID":"${id}","Config":null}`), {
    id,
    name: "",
    image: "",
    labels: {},
  });
});

test("dockerd's list gives those that run, and when they were made", () => {
  const list = [
    { Id: id, Names: ["/x", "/y/x"], Image: "bb", Labels: { a: "b" }, Created: 1_764_000_000 },
    { Id: "short" },
    null,
  ];

  const expected = { id, name: "x", image: "bb", labels: { a: "b" } };
  assert.deepEqual(factsFromList(JSON.stringify(list)), [
    { ...expected, created_us: 1_764_000_000_000_000 },
  ]);
  assert.deepEqual(["", "{}", "[1"].map(factsFromList), [[], [], []]);
});

test("dockerd says where it keeps its containers", () => {
  assert.equal(dataRootFromInfo('{"DockerRootDir":"/data/docker"}'), "/data/docker");
  assert.equal(dataRootFromInfo(""), "");
});

test("the name of a group has the container's id, as each runtime names it", () => {
  for (const name of [id, `docker-${id}.scope`, `libpod-${id}`, `libpod-${id}.scope`]) {
    assert.equal(containerIdOf(name), id);
  }
  for (const name of [`x${id}`, `${id}0`, id.toUpperCase(), `docker-${id}.slice`, ""]) {
    assert.equal(containerIdOf(name), undefined);
  }
});

test("connections to docker.sock are found in the kernel's list, with spaces in the path too", () => {
  const list = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 100 /run/docker.sock
0000000000000000: 00000003 00000000 00000000 0001 03 101 /run/docker.sock
0000000000000000: 00000003 00000000 00000000 0001 03 102 /tmp/a b/docker.sock
0000000000000000: 00000003 00000000 00000000 0001 03 103
0000000000000000: 00000003 00000000 00000000 0001 03 104 /run/other.sock
`;

  assert.deepEqual(dockerConnections(list), [101, 102]);
});
