// Isosurfaces in a canvas: turn with the left button or one finger, shift with the right button (or Shift) or two fingers, zoom
// with the wheel or by pinching; arrow keys turn by 15°, + and - zoom, Home resets.

import { Camera } from './camera.js';
import { GpuMesh } from './surface-mesh.js';

const VERTEX = `#version 300 es
layout(location = 0) in vec3 place;
layout(location = 1) in vec3 normal;
layout(location = 2) in float value;
uniform vec3 extent;      // Å
uniform mat3 rotation;
uniform vec2 pan;
uniform vec2 halfSize;    // Å seen to the right of and above the middle
uniform float radius;     // Å, of the ball around the surfaces
out vec3 viewNormal;
out float depth;          // 0 at the front of that ball, 1 at its back
out float shade;
void main() {
  vec3 p = rotation * ((place - 0.5) * extent);
  viewNormal = rotation * normal;
  depth = 0.5 - 0.5 * p.z / radius;
  shade = value;
  gl_Position = vec4(p.xy / halfSize + vec2(pan.x * halfSize.y / halfSize.x, pan.y), 2.0 * depth - 1.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec3 viewNormal;
in float depth;
in float shade;
uniform vec4 colour;
uniform vec3 background;
uniform bool byValue;
uniform vec2 range;
uniform float clip;       // what lies in front of this depth is cut away
out vec4 result;
vec3 scaleColour(float t) {
  // From blue over green and yellow to red: small (good) local resolution is blue.
  t = clamp(t, 0.0, 1.0);
  vec3 c0 = vec3(0.16, 0.30, 0.75), c1 = vec3(0.20, 0.70, 0.72), c2 = vec3(0.93, 0.86, 0.36), c3 = vec3(0.80, 0.20, 0.18);
  return t < 0.34 ? mix(c0, c1, t / 0.34) : t < 0.67 ? mix(c1, c2, (t - 0.34) / 0.33) : mix(c2, c3, (t - 0.67) / 0.33);
}
void main() {
  if (depth < clip) discard;
  vec3 n = normalize(viewNormal);
  bool inside = n.z < 0.0;
  if (inside) n = -n;
  vec3 base = byValue ? scaleColour((shade - range.x) / (range.y - range.x)) : colour.rgb;
  if (inside) base *= 0.55;
  vec3 light = normalize(vec3(-0.35, 0.55, 0.75));
  float diffuse = max(0.0, dot(n, light));
  float sky = 0.5 + 0.5 * n.y;
  float gloss = pow(max(0.0, dot(reflect(-light, n), vec3(0.0, 0.0, 1.0))), 24.0);
  float rim = smoothstep(0.0, 0.45, n.z);
  vec3 lit = base * (0.30 + 0.12 * sky + 0.62 * diffuse) * mix(0.55, 1.0, rim) + 0.14 * gloss;
  result = vec4(mix(lit, background, 0.7 * smoothstep(0.3, 1.05, depth)), colour.a);
}`;

function program(gl) {
  const made = gl.createProgram();
  for (const [type, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made));
  return made;
}

export class VolumeView {
  /**
   * @param canvas  a canvas element; its size in the page counts
   * @param camera  shared by views that turn together
   */
  constructor(canvas, camera = new Camera()) {
    this.canvas = canvas;
    this.camera = camera;
    this.gl = canvas.getContext('webgl2', { antialias: true, preserveDrawingBuffer: true });
    if (!this.gl) throw new Error('This browser shows no WebGL2; surfaces need it. Slices work without.');
    this.program = program(this.gl);
    this.uniforms = {};
    for (let i = 0; i < this.gl.getProgramParameter(this.program, this.gl.ACTIVE_UNIFORMS); i++) {
      const { name } = this.gl.getActiveUniform(this.program, i);
      this.uniforms[name] = this.gl.getUniformLocation(this.program, name);
    }
    /** name → { mesh, colour: [r, g, b], opacity, range: [low, high] or null } */
    this.surfaces = new Map();
    this.background = [1, 1, 1];
    this.clip = 0;
    this.largestRadius = 1;
    this.scheduled = false;
    camera.addEventListener('change', () => this.redraw());
    new ResizeObserver(() => this.redraw()).observe(canvas);
    this.#listen();
  }

  /** Shows a mesh (from readMesh) under a name, in place of what had the name before; null takes it away. */
  show(name, mesh, { colour = [0.55, 0.66, 0.80], opacity = 1, range = null } = {}) {
    this.surfaces.get(name)?.mesh.free();
    if (mesh) this.surfaces.set(name, { mesh: new GpuMesh(this.gl, mesh), colour, opacity, range });
    else this.surfaces.delete(name);
    this.redraw();
  }

  /** Changes how a surface looks: colour, opacity or range. */
  style(name, changes) {
    Object.assign(this.surfaces.get(name) ?? {}, changes);
    this.redraw();
  }

  redraw() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.#draw();
    });
  }

  /** Half the height of the view in Å; what is to be seen fits the narrower side. */
  get halfHeight() {
    const { clientWidth, clientHeight } = this.canvas;
    return 1.05 * this.#radius() / this.camera.zoom * Math.max(1, clientHeight / Math.max(1, clientWidth));
  }

  /** Of the ball that holds all surfaces, in Å; it does not shrink while a contour level is raised, so that the view stands still. */
  #radius() {
    for (const { mesh } of this.surfaces.values()) this.largestRadius = Math.max(this.largestRadius, mesh.radius);
    return this.largestRadius;
  }

  #draw() {
    const { gl, canvas, uniforms } = this;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map(n => Math.max(1, Math.round(n * ratio)));
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    gl.viewport(0, 0, width, height);
    gl.clearColor(...this.background, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    if (this.surfaces.size === 0) return;
    const radius = this.#radius(), half = this.halfHeight;
    gl.useProgram(this.program);
    gl.uniformMatrix3fv(uniforms.rotation, false, this.camera.matrix);
    gl.uniform2fv(uniforms.pan, this.camera.pan);
    gl.uniform2f(uniforms.halfSize, half * width / height, half);
    gl.uniform1f(uniforms.radius, radius);
    gl.uniform3fv(uniforms.background, this.background);
    gl.uniform1f(uniforms.clip, this.clip);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    const all = [...this.surfaces.values()];
    for (const surface of all.filter(s => s.opacity >= 1)) this.#drawSurface(surface);
    for (const surface of all.filter(s => s.opacity < 1)) {
      // Depth first: of a transparent surface only the front is seen, whatever the order of its triangles.
      gl.colorMask(false, false, false, false);
      this.#drawSurface(surface);
      gl.colorMask(true, true, true, true);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
      this.#drawSurface(surface);
      gl.disable(gl.BLEND);
    }
    canvas.dataset.drawn = String(all.reduce((sum, s) => sum + s.mesh.count / 3, 0));
  }

  #drawSurface({ mesh, colour, opacity, range }) {
    const { gl, uniforms } = this;
    gl.uniform3fv(uniforms.extent, mesh.extent);
    gl.uniform4f(uniforms.colour, ...colour, opacity);
    gl.uniform1i(uniforms.byValue, mesh.hasValues && range ? 1 : 0);
    gl.uniform2fv(uniforms.range, range ?? [0, 1]);
    mesh.draw();
  }

  #listen() {
    const { canvas, camera } = this;
    const pointers = new Map();
    const place = event => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left - box.width / 2) / (box.height / 2), -(event.clientY - box.top - box.height / 2) / (box.height / 2)];
    };
    canvas.style.touchAction = 'none';
    canvas.tabIndex = 0;
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, place(event));
    });
    canvas.addEventListener('pointermove', event => {
      const from = pointers.get(event.pointerId);
      if (!from) return;
      const to = place(event);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, to);
      if (other) {
        const spread = p => Math.hypot(p[0] - other[0], p[1] - other[1]);
        if (spread(from) > 0.01) camera.scale(spread(to) / spread(from));
        camera.shift((to[0] - from[0]) / 2, (to[1] - from[1]) / 2);
      } else if (event.buttons & 2 || event.shiftKey) {
        camera.shift(to[0] - from[0], to[1] - from[1]);
      } else {
        camera.drag(from, to);
      }
    });
    for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, event => pointers.delete(event.pointerId));
    canvas.addEventListener('contextmenu', event => event.preventDefault());
    canvas.addEventListener('wheel', event => {
      event.preventDefault();
      camera.scale(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)));
    }, { passive: false });
    const step = Math.PI / 12;
    const keys = {
      ArrowLeft: () => camera.turn([0, 1, 0], -step), ArrowRight: () => camera.turn([0, 1, 0], step),
      ArrowUp: () => camera.turn([1, 0, 0], -step), ArrowDown: () => camera.turn([1, 0, 0], step),
      '+': () => camera.scale(1.2), '=': () => camera.scale(1.2), '-': () => camera.scale(1 / 1.2), Home: () => camera.reset(),
    };
    canvas.addEventListener('keydown', event => {
      if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
      keys[event.key]();
      event.preventDefault();
    });
  }
}
