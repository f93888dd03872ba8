/** The search box: suggestions while typing, and the reader's place. Without this script the form works as it is. */

import { combobox } from "atlas/combobox";
import { offerLocation } from "atlas/here";

const form = document.querySelector("form.search");
combobox(form.querySelector("input[name=q]"), form.dataset);
offerLocation(document.querySelector("form.here"));
