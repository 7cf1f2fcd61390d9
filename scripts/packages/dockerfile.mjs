import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { mustRun } from "./processes.mjs";

/**
 * Does what a Dockerfile says, as `docker build` would, on this machine: folders of `work` stand for those of the image.
 *
 * @param context - the folder with the Dockerfile.
 * @param place - what the texts of the image become here, such as its ports and other folders.
 * @returns how to start what the image starts: folder, environment, command and health check.
 * @throws Error where an instruction fails, is unknown, or copies what the context does not have.
 */
export async function buildImage({ context, work, place }) {
  const text = readFileSync(join(context, "Dockerfile"), "utf8");
  const image = { folder: work, env: {}, user: "root", command: null, healthCheck: null };
  const steps = new ImageSteps(image, { context, work, place });
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword();
    const step = steps[keyword];
    if (step === undefined) throw new Error(`This does not know the instruction ${keyword}.`);
    await step.call(steps, instruction);
  }
  return image;
}

class ImageSteps {
  #image;
  #context;
  #work;
  #place;

  constructor(image, { context, work, place }) {
    this.#image = image;
    this.#context = context;
    this.#work = work;
    this.#place = place;
  }

  FROM(instruction) {
    const name = instruction.getArgumentsContent();
    if (!/^node:\d+-slim$/.test(name)) throw new Error(`${name} is no image of Node.`);
  }

  WORKDIR(instruction) {
    this.#image.folder = resolve(this.#image.folder, this.#argument(instruction));
    mkdirSync(this.#image.folder, { recursive: true });
  }

  ENV(instruction) {
    for (const property of instruction.getProperties())
      this.#image.env[property.getName()] = this.#place(property.getValue());
  }

  USER(instruction) {
    this.#image.user = instruction.getArgumentsContent();
  }

  EXPOSE() {}

  async RUN(instruction) {
    const command = this.#place(instruction.getArgumentsContent());
    await mustRun("sh", ["-ec", command], {
      cwd: this.#image.folder,
      env: {
        ...this.#image.env,
        CI: "true",
        npm_config_prefer_offline: "true",
        PATH: `${this.#imageTools()}:${process.env.PATH}`,
      },
    });
  }

  COPY(instruction) {
    const words = instruction.getArguments().map((argument) => argument.getValue());
    const to = words.pop();
    for (const pattern of words) {
      const names = this.#contextNames().filter((name) => matches(name, pattern));
      if (names.length === 0) throw new Error(`COPY ${pattern}: the folder has no such file.`);
      for (const name of names) this.#copy(name, to, words.length > 1);
    }
  }

  CMD(instruction) {
    this.#image.command = JSON.parse(this.#place(instruction.getArgumentsContent()));
  }

  HEALTHCHECK(instruction) {
    const [, command] = /CMD (\[.*\])$/s.exec(instruction.getArgumentsContent());
    this.#image.healthCheck = JSON.parse(this.#place(command));
  }

  #argument(instruction) {
    return this.#place(instruction.getArgumentsContent());
  }

  /** A file into a folder, or under another name; the contents of a folder into a folder. */
  #copy(name, to, isOneOfSeveral) {
    const from = join(this.#context, name);
    const isFolder = readdirSync(this.#context, { withFileTypes: true }).some(
      (entry) => entry.name === name && entry.isDirectory(),
    );
    const isInto = !isFolder && (isOneOfSeveral || to.endsWith("/") || to === ".");
    const target = resolve(this.#image.folder, to, isInto ? name : "");
    mkdirSync(dirname(target), { recursive: true });
    if (isFolder) cpSync(from, target, { recursive: true });
    else writeFileSync(target, this.#place(readFileSync(from, "utf8")));
  }

  #contextNames() {
    const ignored = readFileSync(join(this.#context, ".dockerignore"), "utf8").split("\n");
    return readdirSync(this.#context).filter((name) => !ignored.includes(name));
  }

  /** The image has a user node, which this machine may lack. */
  #imageTools() {
    const tools = join(this.#work, "image-tools");
    mkdirSync(tools, { recursive: true });
    writeFileSync(join(tools, "chown"), "#!/bin/sh\n");
    chmodSync(join(tools, "chown"), 0o755);
    return tools;
  }
}

function matches(name, pattern) {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
  return new RegExp(`^${escaped}$`).test(name);
}
