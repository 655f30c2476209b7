// Triangles of an isosurface as the server sends them, on the graphics card.
//
// Layout (little endian): 64 bytes of head (magic "RSM1", vertices, triangles, flags; shape x y z, voxel size in Å, level),
// then positions (3 × uint16 over the map's extent, 2 bytes of padding), normals (3 × int8, 1 byte), values (float32, with flag 1)
// and vertex numbers of the triangles (uint32).

const MAGIC = 0x314d5352;

/** Reads a mesh; throws an Error that says what is wrong with it. */
export function readMesh(buffer) {
  const head = new DataView(buffer);
  if (buffer.byteLength < 64 || head.getUint32(0, true) !== MAGIC) throw new Error('The server did not send a surface.');
  const [vertices, triangles, flags] = [4, 8, 12].map(at => head.getUint32(at, true));
  const [x, y, z, voxel, level] = [16, 20, 24, 28, 32].map(at => head.getFloat32(at, true));
  let at = 64;
  const part = (Type, count) => {
    const bytes = count * Type.BYTES_PER_ELEMENT;
    if (at + bytes > buffer.byteLength) throw new Error('The surface ended too early.');
    const array = new Type(buffer, at, count);
    at += bytes;
    return array;
  };
  const positions = part(Uint16Array, vertices * 4), normals = part(Int8Array, vertices * 4);
  const values = flags & 1 ? part(Float32Array, vertices) : null;
  const indices = part(Uint32Array, triangles * 3);
  const extent = [x, y, z].map(n => Math.max(1, n - 1) * voxel);
  return { vertices, triangles, extent, radius: radius(positions, extent), level, positions, normals, values, indices };
}

/** Largest distance of a vertex from the middle of the map in Å. */
function radius(positions, extent) {
  let largest = 0;
  for (let i = 0; i < positions.length; i += 4) {
    const x = (positions[i] / 65535 - 0.5) * extent[0], y = (positions[i + 1] / 65535 - 0.5) * extent[1];
    const z = (positions[i + 2] / 65535 - 0.5) * extent[2];
    largest = Math.max(largest, x * x + y * y + z * z);
  }
  return Math.sqrt(largest) || 1;
}

/** A mesh in buffers of a WebGL2 context. */
export class GpuMesh {
  constructor(gl, mesh) {
    this.gl = gl;
    this.count = mesh.indices.length;
    this.extent = mesh.extent;
    this.radius = mesh.radius;
    this.hasValues = mesh.values !== null;
    this.array = gl.createVertexArray();
    this.buffers = [];
    gl.bindVertexArray(this.array);
    this.#attribute(0, mesh.positions, 3, gl.UNSIGNED_SHORT, true, 8);
    this.#attribute(1, mesh.normals, 3, gl.BYTE, true, 4);
    if (mesh.values) this.#attribute(2, mesh.values, 1, gl.FLOAT, false, 4);
    const indices = gl.createBuffer();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, indices);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, mesh.indices, gl.STATIC_DRAW);
    this.buffers.push(indices);
    gl.bindVertexArray(null);
  }

  #attribute(location, data, size, type, normalised, stride) {
    const { gl } = this;
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, type, normalised, stride, 0);
    this.buffers.push(buffer);
  }

  draw() {
    this.gl.bindVertexArray(this.array);
    this.gl.drawElements(this.gl.TRIANGLES, this.count, this.gl.UNSIGNED_INT, 0);
    this.gl.bindVertexArray(null);
  }

  free() {
    for (const buffer of this.buffers) this.gl.deleteBuffer(buffer);
    this.gl.deleteVertexArray(this.array);
  }
}
