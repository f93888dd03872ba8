/** "Use my location": the device's position, rounded before it leaves the browser, posted to our own server. */

const OPTIONS = { enableHighAccuracy: false, maximumAge: 600_000, timeout: 15_000 };

/** Show the form's button and send the position when it is asked for. */
export function offerLocation(form) {
  if (!form || !navigator.geolocation || !window.isSecureContext) return;
  const status = form.querySelector("[role=status]");
  form.classList.add("ready");
  form.querySelector("button").addEventListener("click", () => {
    status.textContent = form.dataset.asking;
    const sent = ({ coords }) => {
      form.elements.latitude.value = coords.latitude.toFixed(2);
      form.elements.longitude.value = coords.longitude.toFixed(2);
      form.submit();
    };
    navigator.geolocation.getCurrentPosition(sent, () => (status.textContent = form.dataset.failed), OPTIONS);
  });
}
