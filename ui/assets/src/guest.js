// What a client's own phone needs: no live stream, no drafts, no lock.
import { enhance } from "./js/lib.js";
import "./js/once.js";
import "./js/upload.js";
import "./js/handover.js";
import "./js/clock.js";
import { loadParts } from "./js/parts.js";

enhance();
loadParts();
