// The page's state: plain data, changed only by apply, and signals that tell panels what changed.

import { batch, signal, type Signal } from "@preact/signals-core";
import { guardOf } from "./guards.ts";
import { inShardOrder } from "./shard.ts";
import type {
  Batch, Clock, Counts, HeldFrame, LabState, Load, Move, NodeView, Rule, SentinelView, ServerMessage, Snapshot, StoryItem, Topology,
} from "./wire.ts";
import { knows, t } from "./words.ts";

/** How many story lines the page keeps: an hour of calm cluster, and the list stays quick. */
export const STORY_LIMIT = 500;

/** How the page stands to the server. */
export type Connection = "connecting" | "live" | "silent" | "reconnecting" | "crowded" | "locked";

/** The head of the lab: numbers of the status bar. */
export interface Summary {
  lab: string;
  topology: Topology;
  faithful: boolean;
  seed: number;
  links: string;
  state: LabState;
  slotsCovered: number;
  epoch: number;
  rate: number;
}

/** An instant in both times: virtual milliseconds of the lab, and when the page heard of it. */
export interface Instant {
  now: number;
  heard: number;
}

const NO_LOAD: Load = { rate: 0, running: false, acked: 0, replicated: 0, lost: 0, unknown: 0, errors: 0 };

const NO_SUMMARY: Summary = {
  lab: "", topology: "cluster", faithful: false, seed: 0, links: "tcp", state: "mixed", slotsCovered: 0, epoch: 0, rate: 0,
};

/** Store holds the lab as last heard of. seq is -1 until the first snapshot. */
export class Store {
  seq = -1;
  readonly loaded = signal(false);
  readonly connection: Signal<Connection> = signal("connecting");
  readonly summary = signal(NO_SUMMARY);
  readonly clock: Signal<Clock> = signal({ speed: 1, paused: false });
  readonly instant: Signal<Instant> = signal({ now: 0, heard: 0 });
  readonly nodes: Signal<NodeView[]> = signal([]);
  readonly sentinels: Signal<SentinelView[]> = signal([]);
  readonly rules: Signal<Rule[]> = signal([]);
  readonly held: Signal<HeldFrame[]> = signal([]);
  readonly moves: Signal<Move[]> = signal([]);
  readonly load: Signal<Load> = signal(NO_LOAD);
  readonly story: Signal<StoryItem[]> = signal([]);
  readonly gaps = signal(0);

  /** apply takes a message in; heard is the page's own clock. It reports whether it was for the store. */
  apply(message: ServerMessage, heard: number): boolean {
    switch (message.type) {
      case "snapshot":
        this.replace(message.snapshot, heard);
        return true;
      case "batch":
        this.advance(message, heard);
        return true;
      case "gap":
        this.gaps.value++;
        return true;
      default:
        return false;
    }
  }

  /** replace starts over from a snapshot. */
  replace(s: Snapshot, heard: number): void {
    batch(() => {
      this.seq = s.seq;
      this.loaded.value = true;
      this.summary.value = {
        lab: s.lab, topology: s.topology ?? "cluster", faithful: s.faithful ?? false, seed: s.seed, links: s.links, state: s.state,
        slotsCovered: s.slotsCovered, epoch: s.epoch, rate: s.rate ?? this.summary.value.rate,
      };
      this.clock.value = s.clock;
      this.instant.value = { now: s.now, heard };
      this.sentinels.value = s.sentinels ?? [];
      this.nodes.value = withGuards(inShardOrder((s.nodes ?? []).map(whole)), this.sentinels.peek());
      this.rules.value = s.rules ?? [];
      this.held.value = s.held ?? [];
      this.moves.value = s.moves ?? [];
      this.load.value = s.load ?? NO_LOAD;
      this.story.value = (s.story ?? []).slice(-STORY_LIMIT).map(told);
    });
  }

  private advance(b: Batch, heard: number): void {
    if (!this.loaded.value || b.seq < this.seq) return;
    batch(() => {
      this.seq = b.seq;
      this.instant.value = { now: b.now, heard };
      if (b.clock) this.clock.value = b.clock;
      if (b.sentinels || b.sentinelsGone) this.sentinels.value = mergeSentinels(this.sentinels.value, b.sentinels ?? [], b.sentinelsGone ?? []);
      if (b.nodes || b.ages || b.counts || b.gone || b.sentinels || b.sentinelsGone) {
        const servers = this.nodes.value.filter((n) => !n.sentinel).map((n) => counted(aged(n, b.ages?.[n.name]), b.counts?.[n.name]));
        this.nodes.value = withGuards(mergeNodes(servers, b.nodes ?? [], b.gone ?? []), this.sentinels.peek());
      }
      if (b.rules) this.rules.value = b.rules;
      if (b.held) this.held.value = b.held;
      if (b.moves) this.moves.value = b.moves;
      if (b.load) this.load.value = b.load;
      if (b.events && b.events.length > 0) this.story.value = appendStory(this.story.value, b.events.map(told));
      this.summary.value = mergeSummary(this.summary.value, b);
    });
  }

  /** show makes this store hold what another holds. Nothing is copied, so what is the same stays the same. */
  show(other: Store): void {
    batch(() => {
      this.seq = other.seq;
      this.loaded.value = other.loaded.peek();
      this.summary.value = other.summary.peek();
      this.clock.value = other.clock.peek();
      this.instant.value = other.instant.peek();
      this.nodes.value = other.nodes.peek();
      this.sentinels.value = other.sentinels.peek();
      this.rules.value = other.rules.peek();
      this.held.value = other.held.peek();
      this.moves.value = other.moves.peek();
      this.load.value = other.load.peek();
      this.story.value = other.story.peek();
      this.gaps.value = other.gaps.peek();
    });
  }

  /** node finds a node by name. */
  node(name: string): NodeView | undefined {
    return this.nodes.value.find((n) => n.name === name);
  }
}

/** mergeNodes puts changed nodes in the place of their older selves and takes out those gone. */
export function mergeNodes(old: NodeView[], changed: NodeView[], gone: string[]): NodeView[] {
  const byName = new Map(old.map((n) => [n.name, n]));
  for (const node of changed) byName.set(node.name, whole(node));
  for (const name of gone) byName.delete(name);
  return inShardOrder([...byName.values()]);
}

/** aged is a node with new ages of the PONGs that it has heard, in the order of its beliefs. */
export function aged(node: NodeView, ages: readonly number[] | undefined): NodeView {
  if (!ages) return node;
  return { ...node, beliefs: node.beliefs.map((b, i) => ({ ...b, pongAge: ages[i] ?? b.pongAge })) };
}

/** counted is a node with new counts. */
export function counted(node: NodeView, counts: Counts | undefined): NodeView {
  if (!counts) return node;
  const [offset, lag, keys, ops, memory, clients] = counts;
  return { ...node, offset, lag, keys, ops, memory, clients };
}

/** withGuards is the servers with the Sentinels behind them, as every list has them. */
function withGuards(servers: NodeView[], sentinels: readonly SentinelView[]): NodeView[] {
  return sentinels.length === 0 ? servers : [...servers, ...sentinels.map(guardOf)];
}

/** mergeSentinels does the same for Sentinels. */
export function mergeSentinels(old: SentinelView[], changed: SentinelView[], gone: string[]): SentinelView[] {
  const byName = new Map([...old, ...changed].map((s) => [s.name, s]));
  for (const name of gone) byName.delete(name);
  return [...byName.values()].sort((a, b) => a.port - b.port);
}

/** appendStory adds items that are newer than the last one kept, and forgets the oldest. */
export function appendStory(old: StoryItem[], items: StoryItem[]): StoryItem[] {
  const last = old.at(-1)?.seq ?? -1;
  const fresh = items.filter((item) => item.seq > last);
  return fresh.length === 0 ? old : [...old, ...fresh].slice(-STORY_LIMIT);
}

/** told is an item whose caption is in the page's language. */
export function told(item: StoryItem): StoryItem {
  return item.say?.id && knows(item.say.id) ? { ...item, caption: t(item.say.id, item.say.args) } : item;
}

function mergeSummary(old: Summary, b: Batch): Summary {
  const next = {
    ...old,
    state: b.state ?? old.state,
    slotsCovered: b.slotsCovered ?? old.slotsCovered,
    epoch: b.epoch ?? old.epoch,
    rate: b.rate ?? old.rate,
    topology: b.topology || old.topology,
    faithful: b.faithful ?? old.faithful,
  };
  const same = next.state === old.state && next.slotsCovered === old.slotsCovered
    && next.epoch === old.epoch && next.rate === old.rate && next.topology === old.topology
    && next.faithful === old.faithful;
  return same ? old : next;
}

/** whole fills in the lists that a Go server writes as null when they are empty. */
function whole(node: NodeView): NodeView {
  return {
    ...node,
    flags: node.flags ?? [],
    slots: node.slots ?? [],
    beliefs: node.beliefs ?? [],
    migrating: node.migrating ?? [],
    importing: node.importing ?? [],
  };
}
