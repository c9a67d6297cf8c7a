import { z } from "zod";
import { type Domain, event, request } from "./declare.ts";
import { moduleId } from "./shared.ts";

/** Recording PKCS#11 calls with the spy: of the app's own token hosts, and of other programs. */

/** 0 structure only, 1 also public data, 2 also ciphertext and wrapped keys, for a limited time.
 * None shows PINs, keys, plain texts or random numbers. */
export const recordingLevel = z.number().int().min(0).max(2);

export const recordingFile = z.object({
  /** File name in the trace folder; `<start>-<process>-<program>.p11.jsonl`. */
  name: z.string(),
  bytes: z.number(),
  /** ISO times. */
  started: z.string(),
  changed: z.string(),
  /** Path of the program; "" if the first line of the file is missing or damaged. */
  program: z.string(),
  process: z.number(),
  /** Path of the real module. */
  module: z.string(),
  level: z.number(),
  /** Whether the process is still there: such a recording cannot be deleted. */
  running: z.boolean(),
  /** True if it is one of the app's own token hosts. */
  own: z.boolean(),
});
export type RecordingFile = z.infer<typeof recordingFile>;

export const spyCopy = z.object({
  /** Module that it spies on. */
  path: z.string(),
  name: z.string(),
  /** Path to give to a program in place of the module's. */
  library: z.string(),
  level: recordingLevel,
  made: z.string(),
  /** False if the module's file or the copy is gone or differs from what was made. */
  good: z.boolean(),
  why: z.string(),
});
export type SpyCopy = z.infer<typeof spyCopy>;

export const recordingState = z.object({
  /** Whether this system has a spy library that fits. */
  available: z.boolean(),
  whyNot: z.string(),
  folder: z.string(),
  /** Modules of the app whose token hosts load them through the spy from their next start on. */
  modules: z.array(moduleId),
  /** Modules that were to be recorded but had to be loaded directly, each with the reason. */
  failed: z.array(z.object({ module: moduleId, why: z.string() })),
  level: recordingLevel,
  /** ISO time at which level 2 falls back to 1. */
  levelUntil: z.string().nullable(),
  copies: z.array(spyCopy),
  /** Ready command lines for other programs: plain, and with a copy. */
  commands: z.array(z.object({ title: z.string(), command: z.string(), note: z.string() })),
  retention: z.object({ days: z.number().int(), megabytes: z.number().int() }),
  totalBytes: z.number(),
});
export type RecordingState = z.infer<typeof recordingState>;

/** A program that was started by recording.run. Values of PIN options are shown as ***. */
export const recordingRun = z.object({
  run: z.string(),
  command: z.string(),
  process: z.number(),
  /** ISO times. */
  started: z.string(),
  ended: z.string().nullable(),
  /** "exit code 0", "signal SIGTERM", "not started: ..."; null while it runs. */
  exit: z.string().nullable(),
  /** What it wrote to standard output and standard error; the middle is left out if it is long. */
  output: z.string(),
  /** File names of its recordings, those of its child processes included. */
  recordings: z.array(z.string()),
  /** Modules that its processes loaded: recorded (why is ""), or not and why. */
  modules: z.array(z.object({ path: z.string(), process: z.number(), recorded: z.boolean(), why: z.string() })),
  warnings: z.array(z.string()),
});
export type RecordingRun = z.infer<typeof recordingRun>;

export const recording = {
  requests: {
    state: request({
      summary: "What is being recorded, where, and how other programs can be recorded.",
      runs: "main",
      input: z.object({}),
      output: recordingState,
    }),
    start: request({
      summary:
        "Loads the named modules (or all) through the spy from now on; their token hosts start again, so logins end.",
      runs: "main",
      changes: true,
      limitSeconds: 120,
      input: z.object({
        modules: z.array(moduleId).optional(),
        level: recordingLevel.default(0),
        minutes: z.number().int().min(1).max(60).default(15),
      }),
      output: recordingState,
    }),
    stop: request({
      summary: "Token hosts load their modules directly again.",
      runs: "main",
      changes: true,
      limitSeconds: 120,
      input: z.object({ modules: z.array(moduleId).optional() }),
      output: recordingState,
    }),
    list: request({
      summary: "Every recording in the trace folder.",
      runs: "main",
      input: z.object({}),
      output: z.object({ recordings: z.array(recordingFile), totalBytes: z.number() }),
    }),
    remove: request({
      summary: "Deletes recordings of processes that have ended.",
      runs: "main",
      changes: true,
      input: z.object({ names: z.array(z.string()).min(1) }),
      output: z.object({
        removed: z.array(z.string()),
        kept: z.array(z.object({ name: z.string(), why: z.string() })),
      }),
    }),
    retention: request({
      summary: "How long and how much is kept; older recordings go at start and once an hour.",
      runs: "main",
      changes: true,
      input: z.object({ days: z.number().int().min(1).max(3650), megabytes: z.number().int().min(10).max(1_000_000) }),
      output: recordingState,
    }),
    copy: request({
      summary: "Makes a copy of the spy for one module: a path that any program can be given.",
      runs: "main",
      changes: true,
      input: z.object({
        module: z.string().min(1).meta({ title: "Module id or library path" }),
        level: recordingLevel.default(0),
      }),
      output: spyCopy,
    }),
    removeCopy: request({
      summary: "Deletes a copy of the spy.",
      runs: "main",
      changes: true,
      input: z.object({ library: z.string() }),
      output: recordingState,
    }),
    run: request({
      summary:
        "Runs a command so that every PKCS#11 module it loads is loaded through the spy, without changing its configuration.",
      runs: "main",
      changes: true,
      limitSeconds: 60,
      input: z.object({
        /** Program and arguments; no shell. PINs must not be among them: every user of the machine can read them. */
        command: z.array(z.string().min(0).max(10_000)).min(1).max(1000),
        /** Its working directory; the home folder if absent. */
        folder: z.string().optional(),
        level: recordingLevel.default(0),
        /** Extra library paths that count as PKCS#11 modules. */
        modules: z.array(z.string()).default([]),
      }),
      output: z.object({ run: z.string(), process: z.number(), warnings: z.array(z.string()) }),
    }),
    runs: request({
      summary: "Programs started by recording.run since the app was started: state, output so far, recordings.",
      runs: "main",
      input: z.object({}),
      output: z.object({ runs: z.array(recordingRun) }),
    }),
    endRun: request({
      summary: "Ends a program started by recording.run.",
      runs: "main",
      changes: true,
      input: z.object({ run: z.string() }),
      output: z.object({}),
    }),
    plan: request({
      summary:
        "Whether a command can be recorded as it is, or why not (static, setuid, other system ...); the command line for a terminal.",
      runs: "main",
      input: z.object({ command: z.array(z.string()).min(1) }),
      output: z.object({
        possible: z.boolean(),
        /** "" if it is possible. */
        why: z.string(),
        terminal: z.string(),
        /** The file that would be run, behind symbolic links; null if there is none. */
        program: z.string().nullable(),
        warnings: z.array(z.string()),
      }),
    }),
  },
  events: {
    changed: event(
      "A recording began, grew by a step, ended or was deleted; or what is recorded changed.",
      /** Names of the recordings that changed, as far as they are known. */
      z.object({ names: z.array(z.string()) }),
    ),
  },
} satisfies Domain;
