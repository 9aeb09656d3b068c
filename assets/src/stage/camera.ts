// How a viewer looks at the picture: nearer or farther, and at which part. A camera moves nothing;
// it says where on the screen a place of the picture is.

import type { Scene, Spot } from "./layout.ts";

/** A point of the picture is drawn at k times its coordinates, plus x and y. */
export interface Camera {
  k: number;
  x: number;
  y: number;
}

/** HOME shows the whole picture. */
export const HOME: Camera = { k: 1, x: 0, y: 0 };

/** Near enough: a node of this radius, in pixels, shows everything it has to say. */
const NEAR = 56;

/** A small lab may be looked at this much closer, however large its nodes are. */
const CLOSER = 3;

/** closest is how near a camera may come to a scene: until its smallest node is large. */
export function closest(scene: Scene): number {
  let least = NEAR;
  for (const spot of scene.spots.values()) least = Math.min(least, spot.r);
  return Math.max(CLOSER, NEAR / Math.max(1, least));
}

/** zoomed comes nearer by a factor and leaves the point under x, y where it is. */
export function zoomed(camera: Camera, factor: number, x: number, y: number, scene: Scene): Camera {
  const k = Math.min(closest(scene), Math.max(1, camera.k * factor));
  const ratio = k / camera.k;
  return kept({ k, x: x - (x - camera.x) * ratio, y: y - (y - camera.y) * ratio }, scene);
}

/** moved shifts what is seen by pixels. */
export function moved(camera: Camera, dx: number, dy: number, scene: Scene): Camera {
  return kept({ ...camera, x: camera.x + dx, y: camera.y + dy }, scene);
}

/** kept holds the picture's edge at the stage's edge: there is nothing to see beyond. */
export function kept(camera: Camera, { width, height }: Scene): Camera {
  const within = (at: number, size: number) => Math.min(0, Math.max(size - size * camera.k, at));
  return { k: camera.k, x: within(camera.x, width), y: within(camera.y, height) };
}

/** toward moves the camera just so far that a place is on the stage, for who walks by keys. */
export function toward(camera: Camera, spot: Spot, scene: Scene): Camera {
  const short = (at: number, size: number) => {
    const margin = Math.min(size / 4, spot.r * camera.k * 2);
    return at < margin ? margin - at : at > size - margin ? size - margin - at : 0;
  };
  const dx = short(spot.x * camera.k + camera.x, scene.width);
  const dy = short(spot.y * camera.k + camera.y, scene.height);
  return dx === 0 && dy === 0 ? camera : moved(camera, dx, dy, scene);
}

/** look is the scene as the camera sees it, in pixels of the stage. */
export function look(scene: Scene, camera: Camera): Scene {
  if (camera.k === 1) return scene;
  const { k, x, y } = camera;
  const see = <T extends Spot>(spot: T): T => ({ ...spot, x: spot.x * k + x, y: spot.y * k + y, r: spot.r * k });
  return {
    ...scene,
    cells: scene.cells.map((cell) => ({ ...see(cell), orbit: cell.orbit * k })),
    spots: new Map([...scene.spots].map(([name, spot]) => [name, see(spot)])),
  };
}

/** onStage reports whether any of a spot can be seen. */
export function onStage({ width, height }: Scene, { x, y, r }: Spot): boolean {
  return x + r > 0 && x - r < width && y + r > 0 && y - r < height;
}
