// The exercise, shown by a figure: a glTF of ours, played on neutral ground from where it is filmed.
import {
  AnimationMixer, Box3, DirectionalLight, HemisphereLight, Mesh, PerspectiveCamera, PlaneGeometry, Scene, ShadowMaterial,
  Vector3, WebGLRenderer, PCFShadowMap, type AnimationClip, type Object3D,
} from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import type { Card } from "../live/card.ts";
import type { Panel } from "../live/panel.ts";
import { findsGpu } from "../pose/probe.ts";

interface Caption {
  readonly from_s: number;
  readonly text: string;
  readonly cue: boolean;
}

interface Told {
  readonly floor_m: number;
  readonly key_s: number;
  readonly captions: readonly Caption[];
}

/** As seen from 5 m, so that it looks solid and not distorted. */
const FIELD_DEG = 26;
const RATE_HZ = 25;
/** The node that bears all of the body. */
const BODY = "pelvis";

/** The words at a moment of the round. */
export function captionAt(captions: readonly Caption[], timeS: number): string {
  return captions.filter((one) => one.from_s <= timeS).at(-1)?.text ?? "";
}

/** Shows it until the signal; quietly nothing where a browser draws no 3D: the instructions say all of it. */
export async function showDemonstration(panel: Panel, card: Card, over: AbortSignal): Promise<void> {
  const address = card.demonstration["right"] ?? card.demonstration[""] ?? Object.values(card.demonstration)[0];
  if (!address) return;
  try {
    const file = await new GLTFLoader().loadAsync(address);
    if (over.aborted) return;
    new Player(panel, card, file.scene, file.animations, file.userData as unknown as Told, over);
  } catch (error) {
    panel.shown("demonstration", false);
    console.info("no demonstration", error);
  }
}

class Player {
  private readonly scene = new Scene();
  private readonly renderer: WebGLRenderer;
  private readonly camera = new PerspectiveCamera(FIELD_DEG, 1, 0.1, 30);
  private readonly mixer: AnimationMixer;
  private readonly lasts: number;
  /** What draws it takes the processor's time, which the pose network needs. */
  private readonly onProcessor = !findsGpu();
  private playing = false;
  /** Somebody pressed play or pause: from then on it is theirs. */
  private chosen = false;
  private timeS: number;
  private beforeMs = 0;

  constructor(
    private readonly panel: Panel,
    private readonly card: Card,
    body: Object3D,
    clips: readonly AnimationClip[],
    private readonly told: Told,
    over: AbortSignal,
  ) {
    const canvas = panel.part<HTMLCanvasElement>("figure");
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.mixer = new AnimationMixer(body);
    const clip = clips[0];
    if (clip) this.mixer.clipAction(clip).play();
    this.lasts = clip?.duration ?? 0;
    this.timeS = told.key_s;
    this.furnish(body);
    this.play(!matchMedia("(prefers-reduced-motion: reduce)").matches);
    panel.shown("play", true);
    const press = () => {
      this.chosen = true;
      this.play(!this.playing);
    };
    panel.part("play").addEventListener("click", press, { signal: over });
    const changed = new MutationObserver(() => this.giveWay());
    changed.observe(panel.root, { attributes: true, attributeFilter: ["data-camera", "data-phase"] });
    const sized = new ResizeObserver(() => this.draw());
    sized.observe(canvas);
    over.addEventListener("abort", () => {
      this.playing = false;
      sized.disconnect();
      changed.disconnect();
      this.renderer.dispose();
    });
  }

  /** While somebody works it shows where the movement leads, and does not move: they watch themselves. */
  private giveWay(): void {
    const { camera, phase } = this.panel.root.dataset;
    const still = this.onProcessor ? camera === "loading" || camera === "on" : phase === "work";
    if (this.chosen || still !== this.playing) return;
    if (still) this.timeS = this.told.key_s;
    else if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.play(!still);
  }

  /** Ground, light, and a place from which all of the movement is in the picture. */
  private furnish(room: Object3D): void {
    this.scene.add(room);
    room.traverse((one) => {
      if (one instanceof Mesh) one.receiveShadow = true;
    });
    const body = room.getObjectByName(BODY) ?? room;
    body.traverse((one) => {
      if (one instanceof Mesh) one.castShadow = true;
    });
    const box = new Box3();
    for (let k = 0; k <= 8; k += 1) {
      this.mixer.setTime((this.lasts * k) / 8);
      box.union(new Box3().setFromObject(body));
    }
    const middle = box.getCenter(new Vector3());
    const size = box.getSize(new Vector3());
    const ground = new Mesh(new PlaneGeometry(12, 12), new ShadowMaterial({ opacity: 0.18 }));
    ground.rotation.x = -Math.PI / 2;
    ground.position.set(middle.x, box.min.y, middle.z);
    ground.receiveShadow = true;
    const sun = new DirectionalLight(0xffffff, 2.2);
    sun.position.set(middle.x + 1.5, box.max.y + 3, middle.z + 2.5);
    sun.target.position.copy(middle);
    sun.castShadow = true;
    sun.shadow.mapSize.set(1024, 1024);
    this.scene.add(ground, sun, sun.target, new HemisphereLight(0xffffff, 0xb8b0a4, 1.6));
    const [azimuth, elevation] = [this.card.azimuth_deg, this.card.elevation_deg].map((deg) => (deg * Math.PI) / 180);
    const radius = 0.56 * Math.max(size.y, Math.hypot(size.x, size.z) * 0.9);
    const far = radius / Math.tan((FIELD_DEG * Math.PI) / 360) + 0.3;
    // In glTF's axes the person faces +Z and has +X to the left.
    this.camera.position.set(
      middle.x - far * Math.sin(azimuth!) * Math.cos(elevation!),
      middle.y + far * Math.sin(elevation!),
      middle.z + far * Math.cos(azimuth!) * Math.cos(elevation!),
    );
    this.camera.lookAt(middle);
  }

  private play(playing: boolean): void {
    this.playing = playing;
    const button = this.panel.part("play");
    button.setAttribute("aria-pressed", String(playing));
    button.setAttribute("aria-label", (playing ? button.dataset["stop"] : button.dataset["play"]) ?? "");
    this.beforeMs = performance.now();
    if (playing) this.next();
    else this.draw();
  }

  private next(): void {
    setTimeout(() => {
      if (!this.playing) return;
      requestAnimationFrame((nowMs) => {
        this.timeS = (this.timeS + Math.min(nowMs - this.beforeMs, 200) / 1000) % (this.lasts || 1);
        this.beforeMs = nowMs;
        this.draw();
        if (this.playing) this.next();
      });
    }, 1000 / RATE_HZ);
  }

  private draw(): void {
    const { clientWidth: width, clientHeight: height } = this.renderer.domElement;
    if (!width || !height) return;
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.mixer.setTime(this.timeS);
    this.renderer.render(this.scene, this.camera);
    this.panel.text("caption", captionAt(this.told.captions, this.timeS));
  }
}
